/** Every part of the documents that a program writes, and how it comes about. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { costExamples, costInShort, costPrices } from "./costs";
import { drawGraph } from "./graph/drawing";
import { everyResource } from "./graph/resources";
import { argumentsPage } from "./reference/arguments";
import { withRegion } from "./regions";
import { drawTerminal } from "./terminal/drawing";
import { reportDiff } from "./terminal/excerpt";
import { type Line, parseRecording } from "./terminal/recording";
import { shorten } from "./terminal/shorten";

export const RECORDING = "docs/tools/terminal/run.txt";

export interface Generated {
  /** From the checkout's folder. */
  path: string;
  /** What the file has to be now. */
  make: (root: string) => Promise<string>;
}

/** In no order: none of them is made of another. */
export const GENERATED: Generated[] = [
  { path: "docs/images/graph.svg", make: async () => drawGraph(await everyResource()) },
  { path: "docs/images/run.svg", make: async (root) => drawTerminal(shorten(recorded(root))) },
  { path: "docs/arguments.md", make: async (root) => markdown(argumentsPage(root)) },
  { path: "docs/costs.md", make: async (root) => markdown(costsPage(root)) },
  { path: "README.md", make: async (root) => markdown(frontPage(root)) },
];

function frontPage(root: string): string {
  const page = readFileSync(join(root, "README.md"), "utf8");
  return withRegion(withRegion(page, "diff", reportDiff(recorded(root))), "costs", costInShort());
}

function costsPage(root: string): string {
  const page = readFileSync(join(root, "docs", "costs.md"), "utf8");
  return withRegion(withRegion(page, "examples", costExamples()), "prices", costPrices());
}

function recorded(root: string): Line[] {
  const file = join(root, RECORDING);
  if (!existsSync(file))
    throw new Error(`${RECORDING}: no run is recorded. npm run docs -- record makes one.`);
  return parseRecording(readFileSync(file, "utf8"));
}

/** Laid out as the project's format check wants it. */
function markdown(text: string): Promise<string> {
  return format(text, { parser: "markdown", printWidth: 110 });
}
