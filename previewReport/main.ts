/** `pv-to-hvm preview-report`: reads a preview, writes Markdown. */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { isatty } from "node:tty";
import { FailedError, RefusedError, UsageError } from "../converter/errors";
import { type Output, describeLack, standardOutput, tellUncaught } from "../converter/standardStreams";
import { HELP, parsePreviewReport } from "./commandLine";
import { readPreview } from "./readPreview";
import { reportOf } from "./report";

/** Where the program's words come from and go. Tests give their own. */
export interface Surroundings extends Output {
  /** All of standard input. */
  input: () => Promise<string>;
}

const EXIT = { USAGE: 2, REFUSED: 3, FAILED: 4 } as const;
const STANDARD_INPUT = 0;

/** Runs a command line (what is behind `preview-report`) and gives the exit status. */
export async function main(argv: string[], { out, log, input }: Surroundings): Promise<number> {
  try {
    const command = parsePreviewReport(argv);
    if (command === "help") {
      await out(HELP);
      return 0;
    }
    const { file, maxCharacters } = command;
    const preview = file === undefined ? await input() : readFile(file);
    await out(reportOf(readPreview(preview, file ?? "standard input"), maxCharacters));
    return 0;
  } catch (error) {
    return tell(error as Error, log);
  }
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const found = code === "ENOENT" ? "there is no such file" : `cannot be read (${code ?? message})`;
    throw new UsageError(`${file}: ${found}. Name the file that \`pulumi preview --json\` was written to.`);
  }
}

function tell(error: Error, log: Surroundings["log"]): number {
  if (error instanceof UsageError) {
    log(`pv-to-hvm preview-report: ${error.message}`);
    return EXIT.USAGE;
  }
  const refused = error instanceof RefusedError;
  log(`${refused ? "REFUSED" : "FAILED"}: ${refused ? error.message : messageOf(error)}`);
  return refused ? EXIT.REFUSED : EXIT.FAILED;
}

/** A terminal gives none, and whoever sits at it would wait for ever. */
async function readStandardInput(): Promise<string> {
  if (isatty(STANDARD_INPUT)) {
    const how =
      "Name the file that `pulumi preview --json` was written to, or send its output here by a pipe";
    throw new UsageError(`no FILE, and standard input is a terminal. ${how}.`);
  }
  return text(process.stdin);
}

function messageOf(error: Error): string {
  return (
    describeLack(error) ?? (error instanceof FailedError ? error.message : `${error.name}: ${error.message}`)
  );
}

async function start(): Promise<void> {
  const output = standardOutput();
  tellUncaught((error) => messageOf(error as Error));
  process.exitCode = await main(process.argv.slice(3), { ...output, input: readStandardInput });
}

if (require.main === module) void start();
