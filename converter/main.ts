/** The program: understands its command line, runs one command, says how it ended. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { visibleValue } from "../components/visible";
import { cleanUpOnSignals, undoAll } from "./cleanup";
import { monotonicMs, secondsSince } from "./clock";
import { type Command, HELP, parseCommandLine } from "./commandLine";
import { VOLUME_ADVICE } from "./disk/bytes";
import { withClaim } from "./disk/claim";
import { type Disk, findDisk, whyLost } from "./disk/disk";
import { IO_THREADS } from "./disk/copy/copier";
import { isSameDisk } from "./disk/overlap";
import { reclaimLeftovers } from "./disk/reclaim";
import { FailedError, RefusedError, UsageError } from "./errors";
import { ownHostKey } from "./ownHostKey";
import { Heartbeat, type Log } from "./progress";
import { formatReport } from "./report";
import { printReport } from "./report/printable";
import { formatSummary } from "./report/summary";
import { checkWritable, writeFile } from "./resultFile";
import { type Runner, run } from "./run";
import { refuseScratch } from "./scratch";
import { type Output, describeLack, standardOutput, tellUncaught } from "./standardStreams";
import type { Context, ConversionContext } from "./steps/context";
import { STEPS, convert, stepOf } from "./steps/convert";
import { accept, inspectDisks, inspectionReport, reportOfError } from "./steps/inspect";
import { rehearse } from "./steps/rehearse";
import { restore } from "./steps/restore";
import { identify, nameOf } from "./steps/step";
import type { StepName, StepReport } from "./types";
import { VERSION } from "./version";

const EXIT = { CHANGED: 0, NOCHANGE: 0, REFUSED: 3, FAILED: 4 } as const;
const USAGE = 2;

type StepCommandLine = Extract<Command, { source: string }>;
type RehearseCommandLine = Extract<Command, { disk: string }>;

/** Runs a command line and gives the exit status. Everything that can be expected to go wrong is told without a stack. */
export async function main(argv: string[], output: Output, runner: Runner = run): Promise<number> {
  try {
    return await runCommand(argv, output, runner);
  } catch (error) {
    // Of the report itself: there is no other one to be written in its place.
    return tellLastLine("FAILED", messageOf(error), output);
  }
}

async function runCommand(argv: string[], output: Output, runner: Runner): Promise<number> {
  const started = monotonicMs();
  let command: Command | undefined;
  let report: StepReport;
  try {
    command = parseCommandLine(argv);
    if (command.name === "help") return await say(output, HELP);
    if (command.name === "version") return await say(output, `pv-to-hvm ${VERSION} (${digestOfProgram()})\n`);
    checkDigest(command.expect);
    const heart = new Heartbeat(output.log);
    const known = command;
    report = await heart.during(() => execute(known, heart.watching(runner), heart.log));
  } catch (error) {
    if (!command || error instanceof UsageError) return tellUsage(error, output);
    if (command.name === "help" || command.name === "version") throw error;
    report = reportOf(error, command, started);
  }
  return tell(report, command, output);
}

async function say(output: Output, text: string): Promise<number> {
  await output.out(text);
  return 0;
}

async function execute(command: Command, runner: Runner, log: Log): Promise<StepReport> {
  if (command.name === "help" || command.name === "version") throw new UsageError(HELP);
  checkResultFiles(command);
  refuseScratch();
  await reclaimLeftovers(runner, log);
  if (command.name === "rehearse") return runRehearsal(command as RehearseCommandLine, runner, log);
  if (command.name === "restore") return restore({ ...command, runner, log });
  return runStepCommand(command as StepCommandLine, runner, log);
}

/** Told now, and not after minutes or hours of work. */
function checkResultFiles(command: Command): void {
  if (command.name === "inspect" && command.planFile !== undefined)
    checkWritable("--plan", command.planFile, [command.source, command.destination]);
  if (command.name === "rehearse" && command.consoleFile !== undefined)
    checkWritable("--console", command.consoleFile, [command.disk]);
}

async function runRehearsal(command: RehearseCommandLine, runner: Runner, log: Log): Promise<StepReport> {
  const disk = await findDisk(command.disk, runner, log);
  return rehearse({
    ...command,
    disk: { ...disk, volumeId: disk.volumeId ?? command.volumeId },
    runner,
    log,
  });
}

async function runStepCommand(command: StepCommandLine, runner: Runner, log: Log): Promise<StepReport> {
  const { name, options, check, planFile } = command;
  const disks = await findDisks(command, runner, log);
  await refuseSameDisk(disks, runner);
  const context: Context = { ...disks, options, check, runner, log };
  if (name === "inspect") return inspect(context, planFile);
  const identified = await identifyOrRefuse(context);
  return withClaim(identified.destination, log, () =>
    namingLostDisks([identified.source, identified.destination], () =>
      name === "convert" ? convert(identified, planFile) : STEPS[name](identified),
    ),
  );
}

/** A disk that goes in the middle of the work shows as errors of all kinds: what counts is that it is gone. */
async function namingLostDisks<T>(disks: Disk[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const lost = disks.flatMap((disk) => whyLost(disk) ?? []);
    const [noticed] = (error as Error).message.split("\n");
    if (lost.length === 0 || lost.includes(noticed)) throw error;
    throw new FailedError(`${lost.join("\n")}\nIt was noticed by: ${noticed}`, { cause: error });
  }
}

/** A source that cannot be made out is looked at from all sides, and the destination too: told is everything at once. */
async function identifyOrRefuse(context: Context): Promise<ConversionContext> {
  try {
    return await identify(context);
  } catch (error) {
    if (error instanceof RefusedError) accept(await inspectDisks(context));
    throw error;
  }
}

/** Before anything is read: that may take long, and says nothing of this. */
async function refuseSameDisk({ source, destination }: { source: Disk; destination?: Disk }, runner: Runner) {
  if (!destination || !(await isSameDisk(source, destination, runner))) return;
  const { volumeId, path } = destination;
  const found =
    source.path === path
      ? "is the source itself."
      : `is the source itself, by another name (${source.path}).`;
  const advice = "Name a second, blank disk: the source is never written to.";
  throw new RefusedError([{ subject: `destination ${volumeId ?? path}`, found, advice }]);
}

/** Both disks, and what is wrong with either of them at once. */
async function findDisks(
  { source, destination }: StepCommandLine,
  runner: Runner,
  log: Log,
): Promise<{ source: Disk; destination?: Disk }> {
  const names = destination === undefined ? [source] : [source, destination];
  const found = await Promise.allSettled(names.map((name) => findDisk(name, runner, log)));
  const errors = found.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  const refusals = errors.flatMap((error) => (error instanceof RefusedError ? error.reasons : []));
  if (errors.length > 0 && refusals.length === errors.length) throw new RefusedError(refusals);
  if (errors.length > 0) throw new UsageError(errors.map((error) => error.message).join("\n"));
  const disks = found.map((one) => (one as PromiseFulfilledResult<Disk>).value);
  return { source: disks[0], destination: disks[1] };
}

async function inspect(context: Context, planFile?: string): Promise<StepReport> {
  const started = monotonicMs();
  const inspection = await inspectDisks(context);
  if (planFile && inspection.plan && inspection.refusals.length === 0) {
    await writeFile("--plan", planFile, `${JSON.stringify(inspection.plan, null, 2)}\n`);
  }
  const { source, destination } = context;
  const disks = { source: nameOf(source), destination: destination && nameOf(destination) };
  return {
    format: 1,
    ...inspectionReport(inspection),
    ...disks,
    ...ownHostKey(),
    seconds: secondsSince(started),
  };
}

/**
 * Standard output gets the report, standard error its outcome in one last line. A mere refusal is told once. A report
 * that cannot be written is a failure.
 */
async function tell(report: StepReport, command: Command, { out, log }: Output): Promise<number> {
  const { json } = command;
  const hasContent = report.plan !== undefined || report.rehearsal !== undefined;
  const text = json
    ? printReport(report)
    : hasContent || EXIT[report.outcome] === 0
      ? textOf(report, command)
      : "";
  const problem = text === "" ? undefined : await whyUnwritten(() => out(text));
  if (report.outcome === "FAILED" && json) report.rehearsal?.consoleTail.forEach((line) => log(`  ${line}`));
  const status = tellLastLine(report.outcome, report.summary, { log });
  return problem === undefined ? status : tellLastLine("FAILED", problem, { log });
}

function textOf(report: StepReport, command: Command): string {
  const shown = visibleValue(report);
  return "summary" in command && command.summary ? formatSummary(shown) : formatReport(shown, command.name);
}

async function whyUnwritten(write: () => unknown): Promise<string | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function tellLastLine(outcome: keyof typeof EXIT, summary: string, { log }: Pick<Output, "log">): number {
  const [first, ...rest] = summary.split("\n");
  rest.forEach((line) => log(line));
  log(`${outcome}: ${first}`);
  return EXIT[outcome];
}

function tellUsage(error: unknown, { log }: Output): number {
  if (!(error instanceof UsageError)) throw error;
  error.message.split("\n").forEach((line, index) => log(index === 0 ? `pv-to-hvm: ${line}` : line));
  return USAGE;
}

/** A report of what went wrong, of the step that it went wrong in. */
function reportOf(error: unknown, command: Command, started: number): StepReport {
  const step = command.name === "convert" ? stepOf(error) : (command.name as StepName);
  return reportOfError(step, error, secondsSince(started), messageOf(error));
}

/** What nobody expected keeps its stack where NODE_DEBUG asks for it, and says that it is a fault of the program. */
function messageOf(error: unknown): string {
  const lack = describeLack(error);
  if (lack !== undefined) return lack;
  if (error instanceof FailedError) return error.message;
  const { message, stack, syscall, code } = error as NodeJS.ErrnoException;
  // The system's own refusals say what was tried; on a guest's mounted files, not on which disk.
  return syscall
    ? `${message}${code === "EIO" || code === "EROFS" ? `. ${VOLUME_ADVICE}` : ""}`
    : `${message} (a fault of pv-to-hvm ${VERSION}; ${stack?.split("\n")[1]?.trim() ?? "no stack"})`;
}

function digestOfProgram(): string {
  return createHash("sha256")
    .update(fs.readFileSync(fs.realpathSync(process.argv[1])))
    .digest("hex")
    .slice(0, 16);
}

function checkDigest(expected: string | undefined): void {
  if (expected === undefined) return;
  const found = digestOfProgram();
  if (found === expected.slice(0, 16)) return;
  throw new FailedError(
    `converter: this program is ${found} (version ${VERSION}), ${expected} was expected: pv-to-hvm was upgraded since the helper was made, or its file was changed there. Nothing was written by this step. Set a new revision, which converts anew on a helper with the expected one; or go on with the version of pv-to-hvm that began.`,
  );
}

async function start(): Promise<void> {
  // Node reads it when its first file operation starts the threads.
  process.env.UV_THREADPOOL_SIZE ??= String(IO_THREADS);
  const output = standardOutput();
  tellUncaught(messageOf, undoAll);
  cleanUpOnSignals({
    ended: (signal) =>
      output.log(`FAILED: ended by ${signal}; run the same command again, it goes on from there`),
    patience: (signal) => output.log(`${signal} again: still cleaning up, wait for it to end`),
  });
  const status = await main(process.argv.slice(2), output);
  await undoAll();
  process.exitCode = status;
}

if (require.main === module) void start();
