/** What EC2's answers are made of. */

/** A text, an element's children by name, or a list, which EC2 writes as `<item>`s. Undefined leaves the element out. */
export type XmlValue = string | number | boolean | Date | XmlValue[] | XmlElements | undefined;
export interface XmlElements {
  [name: string]: XmlValue;
}

/** `<name attributes>value</name>`, all that XML minds escaped. */
export function element(name: string, value: XmlValue, attributes = ""): string {
  if (value === undefined) return "";
  return `<${name}${attributes}>${contentOf(value)}</${name}>`;
}

function contentOf(value: Exclude<XmlValue, undefined>): string {
  if (Array.isArray(value)) return value.map((item) => element("item", item)).join("");
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") return childrenOf(value);
  return escape(String(value));
}

function childrenOf(elements: XmlElements): string {
  return Object.entries(elements)
    .map(([name, value]) => element(name, value))
    .join("");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Characters that XML 1.0 has no way to say become a question mark, as in EC2's own answers. */
function escape(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ENTITIES[sign]).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "?");
}
