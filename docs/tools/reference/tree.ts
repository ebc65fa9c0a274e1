/** The arguments as a reader meets them: paths, and a section for each group of them. Pure. */
import type { Declared, Property } from "./docstrings";

export interface Argument extends Property {
  /** `source.imageId`. */
  path: string;
}

/** One group of arguments: `source`, `launch.connection`. */
export interface Section {
  title: string;
  /** The interface that declares them. */
  type: string;
  /** The places where it stands, if there are several. */
  places: string[];
  text: string;
  arguments: Argument[];
}

/**
 * The arguments below one declaration, in its order: first those of its own, then a section for every group. A group
 * that stands in several places has one section at the end, under the name that it has in all of them.
 */
export function sectionsOf(root: string, declared: Map<string, Declared>): Section[] {
  const places = new Map<string, string[]>();
  const visit = (name: string, path: string): string[] =>
    groupsOf(name, path, declared).flatMap(([type, at]) => {
      const known = places.get(type);
      places.set(type, [...(known ?? []), at]);
      return known ? [] : [type, ...visit(type, at)];
    });
  const types = visit(root, "");
  const groups = types.map((type) => section(type, places.get(type) ?? [], declared));
  const isShared = ({ places: all }: Section) => all.length > 0;
  return [
    section(root, [], declared),
    ...groups.filter((group) => !isShared(group)),
    ...groups.filter(isShared),
  ];
}

function groupsOf(
  name: string,
  path: string,
  declared: Map<string, Declared>,
): [type: string, path: string][] {
  const properties = declared.get(name)?.properties ?? [];
  return properties
    .filter(({ type }) => isGroup(declared.get(type)))
    .map((property) => [property.type, join(path, property.name)]);
}

/** Whether a type has arguments of its own, and so a section. */
export function isGroup(type: Declared | undefined): boolean {
  return type !== undefined && type.properties.length > 0;
}

function titleOf(places: string[]): string {
  const [first = "", ...more] = places;
  return more.length === 0 ? first : (first.split(".").pop() ?? "");
}

function section(type: string, places: string[], declared: Map<string, Declared>): Section {
  const { text = "", properties = [] } = declared.get(type) ?? {};
  const title = titleOf(places);
  const members = properties.map((property) => ({ ...property, path: join(title, property.name) }));
  return { title, type, places: places.length > 1 ? places : [], text, arguments: members };
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
