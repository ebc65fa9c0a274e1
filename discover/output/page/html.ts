/** Text into HTML, so that nothing of a guest's or of a tag's is ever markup. Pure. */

/** Markup, as against text. */
export interface Html {
  html: string;
}

type Value = string | Html | Html[];

/** A template whose texts are escaped, and whose markup is not. */
export function markup(parts: TemplateStringsArray, ...values: Value[]): Html {
  return { html: parts.reduce((all, part, index) => all + rendered(values[index - 1]) + part) };
}

export function rendered(value: Value): string {
  if (typeof value === "string") return escaped(value);
  return Array.isArray(value) ? value.map(rendered).join("\n") : value.html;
}

const ENTITIES: { [character: string]: string } = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;" },
  ...{ '"': "&quot;", "'": "&#39;", "`": "&#96;" },
};

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ENTITIES[character]);
}
