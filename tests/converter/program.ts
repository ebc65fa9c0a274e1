import { copyFileSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { main } from "../../converter/main";

/** Runs the program as from a shell: what it prints, what it says on standard error, and the last line of that. */
export async function run(
  ...argv: string[]
): Promise<{ status: number; out: string; lines: string[]; last: string }> {
  let out = "";
  const lines: string[] = [];
  const status = await main(argv, { out: (text) => (out += text), log: (line) => lines.push(line) });
  return { status, out, lines, last: lines.at(-1) ?? "" };
}

/** Builds a program out of its sources, as the package does, into a folder. Gives its file. */
export function bundle(entry: string, folder: string): string {
  const file = path.join(folder, `${path.dirname(entry)}.cjs`);
  const entryPoints = [path.join(__dirname, "../..", entry)];
  const common = { bundle: true, platform: "node", target: "node18", logLevel: "error" } as const;
  buildSync({ ...common, entryPoints, outfile: file, mainFields: ["module", "main"] });
  return file;
}

/** Builds the command `pv-to-hvm` with what asks AWS, and the converter beside it, as the package has them. */
export function bundleCommand(folder: string): { command: string; converter: string } {
  const converter = path.join(folder, "pv-to-hvm.cjs");
  const command = bundle("bin/withEc2.ts", folder);
  copyFileSync(bundle("converter/main.ts", folder), converter);
  return { command, converter };
}
