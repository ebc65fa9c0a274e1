/** `docs/images/run.svg`: a terminal in which a recorded run goes by once, and stays. Pure. */
import { escapeXml, type Palette, paletteRules, px } from "../svg";
import type { Line } from "./recording";
import { COLUMNS, GAP } from "./shorten";

const PALETTE: Palette = {
  ground: { light: "#ffffff", dark: "#0d1117" },
  bar: { light: "#eaeef2", dark: "#161b22" },
  dot: { light: "#c3ccd5", dark: "#3b434d" },
  plain: { light: "#24292f", dark: "#d0d7de" },
  quiet: { light: "#6e7781", dark: "#8b949e" },
  heading: { light: "#0b3d7a", dark: "#a5d0ff" },
  good: { light: "#116329", dark: "#56d364" },
  "frame-line": { light: "#d0d7de", dark: "#30363d" },
};

const WIDTH = 880;
const LEFT = 16;
const BAR = 26;
const LINE = 16;
const FONT = (WIDTH - 2 * LEFT) / COLUMNS / 0.602;
/** Seconds in which the whole run goes by, whatever it took. */
const SECONDS = 14;

/** What a line's colour is told by. */
const COLOURS: [pattern: RegExp, name: string][] = [
  [new RegExp(`^ ${GAP}$`), "quiet"],
  [/^(\$|pulumi|Duration)/, "heading"],
  [/ (CHANGED|NOCHANGE): |boot-proof|virtualization|root device/, "good"],
  [/ creating \(/, "quiet"],
];

/** The drawing of these lines, in the order and at the pace in which they came. */
export function drawTerminal(lines: Line[]): string {
  const height = BAR + 12 + lines.length * LINE + 6;
  const pace = SECONDS / Math.max(1, ...lines.map(({ seconds }) => seconds));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="t">`,
    `<title id="t">A run of npm run demo: the preview, each step with what it did, the boot proof</title>`,
    `<style>\n${paletteRules(PALETTE)}\n${rules()}\n</style>`,
    `<rect class="ground frame-line" x=".5" y=".5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    `<path class="bar" d="M1 ${BAR}V8.5a7.5 7.5 0 0 1 7.5-7.5H${WIDTH - 8.5}a7.5 7.5 0 0 1 7.5 7.5V${BAR}z"/>`,
    ...[18, 34, 50].map((x) => `<circle class="dot" cx="${x}" cy="13.5" r="4.5"/>`),
    ...lines.map((line, index) => drawLine(line, BAR + 12 + (index + 0.7) * LINE, pace)),
    "</svg>",
    "",
  ].join("\n");
}

// Where nothing moves, and where a reader wants nothing to move, all lines are simply there.
function rules(): string {
  return [
    `text{font:${px(FONT)}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}`,
    "@media (prefers-reduced-motion:no-preference){text{animation:come .2s both}}",
    "@keyframes come{from{opacity:0}}",
  ].join("\n");
}

function drawLine({ seconds, text }: Line, y: number, pace: number): string {
  const [, colour] = COLOURS.find(([pattern]) => pattern.test(text)) ?? [undefined, "plain"];
  const delay = seconds === 0 ? "" : ` style="animation-delay:${px(seconds * pace)}s"`;
  return `<text class="${colour}" x="${LEFT}" y="${px(y)}"${delay} xml:space="preserve">${escapeXml(text)}</text>`;
}
