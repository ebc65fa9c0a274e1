/** The parts of `docs/arguments.md` that come from docstrings. Pure. */
import type { Declared } from "./docstrings";
import { type Argument, isGroup, type Section } from "./tree";
import { anchor, cell, defaultWords, firstSentence, typeWords } from "./words";

/** What the page is made of. */
export interface Reference {
  sections: Section[];
  /** Paths of the arguments that are part of a conversion's key. */
  key: Set<string>;
  /** The component itself: its public fields are the outputs. */
  component: Declared;
  declared: Map<string, Declared>;
}

/** The heading above the arguments that are in no group. */
const OWN = "The migration itself";

/** All arguments in one table: default, whether part of the key, the first sentence. */
export function overview({ sections, key, declared }: Reference): string {
  const [own, ...groups] = sections;
  const alone = own.arguments.filter(({ type }) => !isGroup(declared.get(type)));
  const whole = (title: string) => own.arguments.filter(({ path }) => path === title);
  const all = groups.flatMap((group) => [...whole(group.title), ...group.arguments]);
  const rows = [...all, ...alone].map((argument) => [
    `[\`${argument.path}\`](#${anchor(argument.path)})`,
    defaultWords(argument),
    key.has(argument.path) ? "yes" : "",
    firstSentence(argument.text),
  ]);
  return table(["argument", "default", "key", ""], rows);
}

/** A link to each section, in the page's order. */
export function contents({ sections: [, ...groups] }: Reference): string {
  const headings = [...groups.map(({ title }) => headingOf(title)), OWN, "Outputs"];
  return headings.map((heading) => `[${heading}](#${anchor(heading)})`).join(" · ");
}

/** A section for every group, a heading for every argument. */
export function details({ sections, key, declared }: Reference): string {
  const [own, ...groups] = sections;
  const alone = own.arguments.filter(({ type }) => !isGroup(declared.get(type)));
  const link = linkToSection(sections);
  const describe = (argument: Argument) => describeArgument(argument, key, declared, link);
  const group = ({ title, places, text, arguments: members }: Section) => {
    const where = places.length > 0 ? `In ${places.map((place) => `\`${place}\``).join(", ")}. ` : "";
    return [`## ${headingOf(title)}`, `${where}${text}`, ...members.map(describe)].join("\n\n");
  };
  return [...groups.map(group), `## ${OWN}`, ...alone.map(describe)].join("\n\n");
}

/** A group inside a group is also an argument there, with a heading of its own: the two must not share an anchor. */
function headingOf(title: string): string {
  return title.includes(".") ? `Inside ${title}` : title;
}

function describeArgument(
  argument: Argument,
  key: Set<string>,
  declared: Map<string, Declared>,
  link: (type: string) => string,
): string {
  const facts = [
    typeWords(argument.type, declared, link),
    ...(argument.isPlain && !isGroup(declared.get(argument.type)) ? ["plain"] : []),
    ...(key.has(argument.path) ? ["part of the key"] : []),
    defaultPhrase(argument),
  ];
  const values = declared.get(argument.type.replace("[]", ""))?.values.filter(({ text }) => text) ?? [];
  return [
    `### ${argument.path}`,
    `_${facts.join("; ")}_`,
    argument.text,
    ...(values.length > 0 ? [values.map(({ value, text }) => `- \`${value}\`: ${text}`).join("\n")] : []),
    ...argument.examples.map((example) => `<!-- prettier-ignore -->\n${example}`),
  ].join("\n\n");
}

function defaultPhrase(argument: Argument): string {
  const words = defaultWords(argument);
  return words === "needed" ? words : `default: ${words}`;
}

/** The outputs in one table, and a table for every record that one of them is. */
export function outputs({ component, declared }: Reference): string {
  const rows = component.properties.map(({ name, type, text }) => [
    `\`${name}\``,
    recordType(type, declared),
    text,
  ]);
  const records = recordsBelow(component, declared).map((record) =>
    [
      `### ${record.name}`,
      record.text,
      table(["", "type", ""], record.properties.map(recordRow(declared))),
    ].join("\n\n"),
  );
  return [table(["output", "type", ""], rows), ...records].join("\n\n");
}

function recordRow(declared: Map<string, Declared>) {
  return ({ name, type, isOptional, text }: Declared["properties"][number]) => [
    `\`${name}${isOptional ? "?" : ""}\``,
    recordType(type, declared),
    text,
  ];
}

function recordType(type: string, declared: Map<string, Declared>): string {
  return typeWords(type, declared, (name) => `[${name}](#${anchor(name)})`);
}

/** Every record that the outputs lead to, each once, in the order in which they are met. */
function recordsBelow(
  record: Declared,
  declared: Map<string, Declared>,
  seen = new Set<string>(),
): Declared[] {
  return record.properties.flatMap(({ type }) => {
    const name = type.replace("[]", "");
    const below = declared.get(name);
    if (!below || !isGroup(below) || seen.has(name)) return [];
    seen.add(name);
    return [below, ...recordsBelow(below, declared, seen)];
  });
}

function linkToSection(sections: Section[]): (type: string) => string {
  return (type) => {
    const title = sections.find((section) => section.type === type)?.title ?? type;
    return `[${title}](#${anchor(headingOf(title))})`;
  };
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
