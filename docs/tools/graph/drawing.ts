/** `docs/images/graph.svg`: the seven steps as lanes, with the resources that stand for them. Pure. */
import type { Role } from "../../../components/resources";
import { escapeXml, type Palette, paletteRules, px } from "../svg";
import { arrowPaths } from "./arrows";
import { LANES, WIDTH } from "./lanes";
import { type LaneBox, layOut, type Node } from "./layout";
import type { Resource } from "./resources";

const PALETTE: Palette = {
  ground: { light: "#ffffff", dark: "#161b22" },
  band: { light: "#f3f6fa", dark: "#1d242d" },
  title: { light: "#1f2328", dark: "#e6edf3" },
  words: { light: "#57606a", dark: "#9aa5b1" },
  node: { light: "#ffffff", dark: "#0d1117" },
  proof: { light: "#dafbe1", dark: "#12361f" },
  role: { light: "#0b3d7a", dark: "#a5d0ff" },
  head: { light: "#7a8694", dark: "#7d8896" },
  "node-line": { light: "#8fa3b8", dark: "#4b5a6b" },
  "arrow-line": { light: "#7a8694", dark: "#7d8896" },
  "frame-line": { light: "#d5dce4", dark: "#30363d" },
};

const MARGIN = 8;
const LEGEND = 30;
/** Resources after which the disk is known to boot: the two proofs. */
const PROOFS: string[] = ["rehearse", "boot-proof"] satisfies Role[];

/** The drawing of these resources. Throws where one of them belongs to no step. */
export function drawGraph(resources: Resource[]): string {
  const { nodes, lanes, height } = layOut(resources);
  const whole = height + LEGEND;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${whole + 2 * MARGIN}" role="img" aria-labelledby="t d">`,
    `<title id="t">The seven steps of a migration, and the resources that stand for them</title>`,
    `<desc id="d">${escapeXml(LANES.map(describeLane(nodes)).join(" "))}</desc>`,
    `<style>\n${paletteRules(PALETTE)}\n${FONTS}\n</style>`,
    `<defs><marker id="a" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 1L7 4L0 7z"/></marker></defs>`,
    `<rect class="ground frame-line" x=".5" y=".5" width="${WIDTH - 1}" height="${whole + 2 * MARGIN - 1}" rx="8"/>`,
    `<g transform="translate(0 ${MARGIN})">`,
    ...lanes.flatMap(drawLane),
    ...arrowPaths(nodes).map((d) => `<path class="arrow-line" fill="none" marker-end="url(#a)" d="${d}"/>`),
    ...nodes.filter(({ isGate }) => isGate).flatMap(drawGate(lanes)),
    ...nodes.flatMap(drawNode),
    ...drawLegend(height),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

const FONTS = [
  "text{font-family:ui-sans-serif,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif}",
  ".title{font-size:13px;font-weight:600}",
  ".words{font-size:11.5px}",
  ".role{font:11.5px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}",
  ".arrow-line{stroke-width:1.3}",
  ".optional{stroke-dasharray:4 3}",
].join("\n");

/** What a screen reader says of a step. */
function describeLane(nodes: Node[]) {
  return ({ title }: { title: string }, lane: number) => {
    const roles = nodes.filter((node) => node.lane === lane).map(({ role }) => role);
    return `${title.replace(/ +/, ": ")}${roles.length > 0 ? ` (${roles.join(", ")})` : ""}.`;
  };
}

function drawLane({ lane, y, height }: LaneBox): string[] {
  const { title, words } = LANES[lane];
  const top = y + height / 2 - words.length * 7.5 + 4;
  return [
    ...(lane % 2 === 0
      ? [`<rect class="band" x="1" y="${y}" width="${WIDTH - 2}" height="${height}"/>`]
      : []),
    `<text class="title" x="16" y="${px(top)}">${escapeXml(title)}</text>`,
    ...words.map(
      (line, index) =>
        `<text class="words" x="34" y="${px(top + 15 * (index + 1))}">${escapeXml(line)}</text>`,
    ),
  ];
}

function drawNode({ role, x, y, width, height, isOptional }: Node): string[] {
  const kind = PROOFS.includes(role) ? "proof" : "node";
  const optional = isOptional ? " optional" : "";
  return [
    `<rect class="${kind} node-line${optional}" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${height}" rx="5"/>`,
    `<text class="role" x="${px(x + width / 2)}" y="${px(y + 17)}" text-anchor="middle">${escapeXml(role)}</text>`,
  ];
}

/** One arrow out of the lane for all that wait, and what it means. */
function drawGate(lanes: LaneBox[]) {
  return ({ lane, x, y, width, height }: Node): string[] => {
    const middle = x + width / 2;
    const end = lanes[lane].y + lanes[lane].height;
    return [
      `<path class="arrow-line" fill="none" marker-end="url(#a)" d="M${px(middle)} ${px(y + height)}V${px(end)}"/>`,
      `<text class="words" x="${px(middle + 10)}" y="${px(end - 2)}">everything below waits for it</text>`,
    ];
  };
}

function drawLegend(y: number): string[] {
  const line = y + 13;
  const entry = (x: number, kind: string, text: string) => [
    `<rect class="${kind} node-line" x="${x}" y="${line - 6}" width="22" height="14" rx="4"/>`,
    `<text class="words" x="${x + 29}" y="${line + 5}">${escapeXml(text)}</text>`,
  ];
  return [
    ...entry(16, "node", "a resource of the graph"),
    ...entry(196, "node optional", "only where an argument asks for it"),
    ...entry(440, "proof", "has to boot"),
    `<path class="arrow-line" fill="none" marker-end="url(#a)" d="M556 ${line + 1}h20"/>`,
    `<text class="words" x="585" y="${line + 5}">is made before; deleted after</text>`,
  ];
}
