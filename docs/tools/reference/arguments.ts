/** `docs/arguments.md`: the template beside this file, filled with what the docstrings say. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDeclarations } from "./docstrings";
import { keyNames } from "./keyNames";
import { contents, details, outputs, overview, type Reference } from "./page";
import { sectionsOf } from "./tree";

/** The page, as Markdown that is not laid out yet. Throws where the component or its arguments are not declared. */
export function argumentsPage(root: string): string {
  const declared = readDeclarations([...sources(root, "components"), ...sources(root, "live")]);
  const component = declared.get("PvToHvmMigration");
  if (!component) throw new Error("PvToHvmMigration: no class of that name is declared in components/.");
  const sections = sectionsOf("PvToHvmMigrationArgs", declared);
  const reference: Reference = { sections, key: keyNames(sections), component, declared };
  return readFileSync(join(__dirname, "arguments.template.md"), "utf8")
    .replace("{{contents}}", () => contents(reference))
    .replace("{{overview}}", () => overview(reference))
    .replace("{{details}}", () => details(reference))
    .replace("{{outputs}}", () => outputs(reference));
}

function sources(root: string, room: string): string[] {
  const files = readdirSync(join(root, room), { recursive: true }) as string[];
  return files
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => join(root, room, file));
}
