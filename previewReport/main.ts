/** `pv-to-hvm preview-report`: reads a preview, writes Markdown. */
import { readPreview } from "../cli/preview/readPreview";
import { runProcess, runProgram } from "../cli/program";
import { readFile, readStandardInput } from "../cli/readInput";
import type { Output } from "../converter/standardStreams";
import { HELP, parsePreviewReport } from "./commandLine";
import { reportOf } from "./report";

/** Where the program's words come from and go. Tests give their own. */
export interface Surroundings extends Output {
  /** All of standard input. */
  input: () => Promise<string>;
}

const WRITTEN_BY = "that `pulumi preview --json` was written to";

const REPORT = { name: "preview-report", help: HELP, parse: parsePreviewReport };

/** Runs a command line (what is behind `preview-report`) and gives the exit status. */
export function main(argv: string[], surroundings: Surroundings): Promise<number> {
  return runProgram(REPORT, argv, surroundings, async ({ file, maxCharacters }) => {
    const { out, input } = surroundings;
    const preview = file === undefined ? await input() : readFile(file, `Name the file ${WRITTEN_BY}.`);
    await out(reportOf(readPreview(preview, file ?? "standard input"), maxCharacters));
    return 0;
  });
}

function start(): Promise<void> {
  const advice = `Name the file ${WRITTEN_BY}, or send its output here by a pipe`;
  return runProcess((argv, output) =>
    main(argv, { ...output, input: () => readStandardInput("no FILE", advice) }),
  );
}

if (require.main === module) void start();
