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
