/** Where each resource of the drawing stands, and where its arrows begin and end. Pure. */
import { type Group, LANES } from "./lanes";
import type { Resource } from "./resources";

/** In pixels of the drawing. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Node extends Resource, Box {
  lane: number;
  row: number;
}

export interface LaneBox {
  lane: number;
  y: number;
  height: number;
}

export interface Layout {
  nodes: Node[];
  lanes: LaneBox[];
  height: number;
}

/** Of a fixed-width letter of 11.5 px; every font that a browser takes for `monospace` is about that wide. */
const LETTER = 6.95;
const PADDING = 9;
const BETWEEN = 20;
export const NODE_HEIGHT = 26;
const ROW = 38;
const LANE_PADDING = 15;

/** Throws where the graph has a resource that no lane has: the drawing would leave it out in silence. */
export function layOut(resources: Resource[]): Layout {
  const homeless = resources.filter(
    ({ role }) => !LANES.some(({ groups }) => rolesOf(groups).includes(role)),
  );
  if (homeless.length > 0) {
    const names = homeless.map(({ role }) => role).join(", ");
    throw new Error(`${names}: in no lane of the drawing. Give it a row in components/resources.ts.`);
  }
  const lanes: LaneBox[] = [];
  const nodes: Node[] = [];
  let y = 0;
  LANES.forEach(({ groups }, lane) => {
    const present = groups
      .map((group) => inGroup(group, resources))
      .filter(({ members }) => members.length > 0);
    const rows = Math.max(1, ...present.map(({ row }) => row + 1));
    const top = y + LANE_PADDING;
    for (const group of present) nodes.push(...placeGroup(group, lane, top));
    const height = 2 * LANE_PADDING + (rows - 1) * ROW + NODE_HEIGHT;
    lanes.push({ lane, y, height });
    y += height;
  });
  return { nodes, lanes, height: y };
}

type Filled = Omit<Group, "roles"> & { members: Resource[] };

function inGroup({ x, row, roles }: Group, resources: Resource[]): Filled {
  const members = roles.flatMap((role) => resources.find((resource) => resource.role === role) ?? []);
  return { x, row, members };
}

function placeGroup({ x, row, members }: Filled, lane: number, top: number): Node[] {
  let left = x;
  return members.map((resource) => {
    const width = resource.role.length * LETTER + 2 * PADDING;
    const node = { ...resource, lane, row, x: left, y: top + row * ROW, width, height: NODE_HEIGHT };
    left += width + BETWEEN;
    return node;
  });
}

function rolesOf(groups: Group[]): string[] {
  return groups.flatMap(({ roles }) => roles);
}
