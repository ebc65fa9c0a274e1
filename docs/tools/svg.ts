/** What both drawings share: escaping, and colours for light and for dark pages. */

/** Text as it may stand between tags and in attributes. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}

/** A colour of its own for each kind of page, by the name of the class that has it. */
export type Palette = Record<string, { light: string; dark: string }>;

/**
 * Rules that give each class of the palette its colour, as `fill` or, for names that end in `-line`, as `stroke`. A page
 * does not tell a picture which theme a reader has chosen on it; the system's is all that there is, so each picture has
 * a ground of its own to stand on.
 */
export function paletteRules(palette: Palette): string {
  const rules = (theme: "light" | "dark") =>
    Object.entries(palette)
      .map(([name, colours]) => `.${name}{${name.endsWith("-line") ? "stroke" : "fill"}:${colours[theme]}}`)
      .join("\n");
  return `${rules("light")}\n@media (prefers-color-scheme:dark){\n${rules("dark")}\n}`;
}

/** A number as it stands in a drawing: one decimal at most. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
