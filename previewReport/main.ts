/** `pv-to-hvm preview-report`: reads a preview, writes Markdown. */
import {
  type Output,
  describeError,
  standardOutput,
  tellError,
  tellUncaught,
} from "../converter/standardStreams";
import { HELP, parsePreviewReport } from "./commandLine";
import { readFile, readStandardInput } from "./readInput";
import { readPreview } from "./readPreview";
import { reportOf } from "./report";

/** Where the program's words come from and go. Tests give their own. */
export interface Surroundings extends Output {
  /** All of standard input. */
  input: () => Promise<string>;
}

const WRITTEN_BY = "that `pulumi preview --json` was written to";

/** Runs a command line (what is behind `preview-report`) and gives the exit status. */
export async function main(argv: string[], { out, log, input }: Surroundings): Promise<number> {
  try {
    const command = parsePreviewReport(argv);
    if (command === "help") {
      await out(HELP);
      return 0;
    }
    const { file, maxCharacters } = command;
    const preview = file === undefined ? await input() : readFile(file, `Name the file ${WRITTEN_BY}.`);
    await out(reportOf(readPreview(preview, file ?? "standard input"), maxCharacters));
    return 0;
  } catch (error) {
    return tellError("preview-report", error as Error, log);
  }
}

async function start(): Promise<void> {
  const output = standardOutput();
  tellUncaught((error) => describeError(error as Error));
  process.exitCode = await main(process.argv.slice(3), {
    ...output,
    input: () =>
      readStandardInput("no FILE", `Name the file ${WRITTEN_BY}, or send its output here by a pipe`),
  });
}

if (require.main === module) void start();
