/** Runs the demo for good, and keeps what it printed: minutes at first, about one later. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { formatRecording, keep, type Line } from "./recording";

/**
 * Runs `npm run demo` in the checkout and writes its recording to a file. The demo must not have been migrated yet, and is
 * left migrated. Throws where it fails, or where it printed a path of this machine.
 */
export async function record(root: string, file: string): Promise<void> {
  const lines = keep(await runDemo(root));
  const telling = lines.find(({ text }) => text.includes(root));
  if (telling) throw new Error(`The run names a folder of this machine, and is not kept: ${telling.text}`);
  writeFileSync(file, formatRecording(lines));
}

async function runDemo(root: string): Promise<Line[]> {
  const begun = performance.now();
  const demo = spawn("npm", ["run", "demo"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) =>
    demo.on("error", reject).on("close", resolve),
  );
  const lines: Line[] = [];
  for await (const text of createInterface({ input: demo.stdout })) {
    lines.push({ seconds: (performance.now() - begun) / 1000, text });
    console.log(text);
  }
  const status = await ended;
  if (status !== 0) throw new Error(`npm run demo ended with status ${status}: nothing is recorded.`);
  return lines;
}
