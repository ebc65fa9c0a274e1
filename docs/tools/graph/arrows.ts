/** The way of each arrow between two resources of the drawing. Pure. */
import { px } from "../svg";
import type { Node } from "./layout";

interface Arrow {
  from: Node;
  to: Node;
}

/** Between two arrows that leave or reach the same edge of a box. */
const PORT = 9;
/** How far an arrow over its neighbours' heads rises above the boxes. */
const ARC = 11;

/** An SVG path for every dependency, each from what is made first to what waits for it. */
export function arrowPaths(nodes: Node[]): string[] {
  const byRole = new Map(nodes.map((node) => [node.role, node]));
  const arrows = nodes.flatMap((to) =>
    to.after.flatMap((role) => {
      const from = byRole.get(role);
      return from ? [{ from, to }] : [];
    }),
  );
  return arrows.map((arrow) => path(arrow, arrows));
}

function path(arrow: Arrow, all: Arrow[]): string {
  const { from, to } = arrow;
  if (isAcross(arrow)) return sidePath(from, to, arrowsOver(arrow, all));
  const down = from.y < to.y;
  const x1 = port(arrow, from, down ? "bottom" : "top", all);
  const x2 = port(arrow, to, down ? "top" : "bottom", all);
  const y1 = down ? from.y + from.height : from.y;
  const y2 = down ? to.y - 2 : to.y + to.height + 2;
  const middle = (y1 + y2) / 2;
  return `M${px(x1)} ${px(y1)}C${px(x1)} ${px(middle)} ${px(x2)} ${px(middle)} ${px(x2)} ${px(y2)}`;
}

/** A neighbour is reached straight, whatever stands further away by an arc above those between. */
function sidePath(from: Node, to: Node, rank: number): string {
  const middle = from.y + from.height / 2;
  if (to.x - (from.x + from.width) < 40) return `M${px(from.x + from.width)} ${px(middle)}H${px(to.x - 2)}`;
  const x1 = from.x + from.width / 2;
  const x2 = to.x + to.width / 2 - rank * PORT;
  const top = from.y - ARC + rank * 4;
  return `M${px(x1)} ${px(from.y)}C${px(x1)} ${px(top)} ${px(x1)} ${px(top)} ${px(x1 + 14)} ${px(top)}H${px(x2 - 12)}Q${px(x2)} ${px(top)} ${px(x2)} ${px(to.y - 2)}`;
}

function isAcross({ from, to }: Arrow): boolean {
  return from.y === to.y;
}

/** How many arcs to the same box begin further away: those rise higher, and reach it further right. */
function arrowsOver({ from, to }: Arrow, all: Arrow[]): number {
  return all.filter((other) => isAcross(other) && other.to === to && other.from.x < from.x).length;
}

type Edge = "top" | "bottom";

/** Where on an edge of a box an arrow has its end: all that share the edge stand in the order of their other ends. */
function port(arrow: Arrow, node: Node, edge: Edge, all: Arrow[]): number {
  const sharing = all
    .filter((other) => !isAcross(other) && edgeOf(other, node) === edge)
    .sort((one, two) => farEnd(one, node) - farEnd(two, node));
  const place = sharing.indexOf(arrow) - (sharing.length - 1) / 2;
  return node.x + node.width / 2 + place * PORT;
}

function edgeOf({ from, to }: Arrow, node: Node): Edge | undefined {
  const other = from === node ? to : to === node ? from : undefined;
  return other && (other.y > node.y ? "bottom" : "top");
}

function farEnd({ from, to }: Arrow, node: Node): number {
  const other = from === node ? to : from;
  return other.x + other.width / 2;
}
