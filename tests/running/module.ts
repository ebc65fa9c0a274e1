/** The test run's own modules are ES modules, which run before anything is installed: asked in a Node of their own. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const ROOT = join(__dirname, "..", "..");

/**
 * The value of an expression in JavaScript that may name what these modules export.
 * @param modules below `tests/`, e.g. `running/lanes.mjs`
 */
export function evaluate<Value>(modules: string[], expression: string): Value {
  const imports = modules.map((file, index) => {
    const url = JSON.stringify(pathToFileURL(join(ROOT, "tests", file)).href);
    return `import * as module${index} from ${url}; Object.assign(globalThis, module${index});`;
  });
  const script = `${imports.join("\n")}\nconsole.log(JSON.stringify(await (${expression})));`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return JSON.parse(printed) as Value;
}
