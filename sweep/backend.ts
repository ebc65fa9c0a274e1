/** What the Pulumi backend knows: every stack that it shows, and what their states hold. */
import { homedir } from "node:os";
import { inTurns } from "../cli/inTurns";
import { type Place, runPulumi } from "../cli/pulumi";
import { RefusedError } from "../converter/errors";
import { type Runner, run } from "../converter/run";
import { findLocks, folderOf, type Locks } from "./locks";
import { type Deployment, readState, type StackState } from "./state";

export interface Backend {
  /** As `pulumi whoami` tells it. */
  url: string;
  stacks: StackState[];
  locks: Locks;
}

/** `cwd`: a Pulumi.yaml there may name the backend. */
export interface BackendOptions extends Place {
  runner?: Runner;
  /** Takes a line on each stack. Default: silence. */
  log?: (line: string) => void;
}

/** One of `pulumi stack ls --json`. */
interface Summary {
  name: string;
  /** Told by Pulumi's service, never by a file or a bucket. */
  updateInProgress?: boolean;
  /** The stack's page, by which Pulumi's service tells the whole of its name. */
  url?: string;
}

/** States are read side by side: each is a program's start and, with Pulumi's service, a few requests. */
const AT_ONCE = 4;

/**
 * Reads the states of all stacks. The program and not the Automation API, whose export asks for secrets in plain text:
 * this way no passphrase is needed, and none is seen.
 *
 * Whoever decides by it must have listed EC2 before. Then whatever was listed, and whose update had ended when its lock
 * was looked for, is in the state that is read after that.
 *
 * Throws `RefusedError` where a state cannot be read: what it holds would pass for nobody's.
 */
export async function readBackend(options: BackendOptions): Promise<Backend> {
  const pulumi = caller(options);
  const { url } = JSON.parse(await pulumi(["whoami", "--verbose", "--json"])) as { url: string };
  const folder = folderOf(url, homedir());
  const locks: Locks = folder === undefined ? { seen: false } : { seen: true, held: await findLocks(folder) };
  const summaries = JSON.parse(await pulumi(["stack", "ls", "--all", "--json"])) as Summary[];
  const readOne = async (summary: Summary) => {
    options.log?.(`reading the state of ${summary.name}`);
    const exported = await pulumi(["stack", "export", "--stack", summary.name]).catch(
      (error: Error) => error,
    );
    return { summary, exported };
  };
  const read = await inTurns(summaries, readOne, AT_ONCE);
  requireAll(read);
  const stacks = read.map(({ summary, exported }) => {
    const { deployment } = JSON.parse(exported as string) as { deployment?: Deployment | null };
    return { ...readState(summary, deployment ?? {}), updateInProgress: summary.updateInProgress };
  });
  return { url, stacks, locks };
}

type Read = { summary: Summary; exported: string | Error };

function requireAll(read: Read[]): void {
  const unread = read.filter((one): one is Read & { exported: Error } => one.exported instanceof Error);
  if (unread.length === 0) return;
  throw new RefusedError(
    unread.map(({ summary, exported }) => ({
      subject: summary.name,
      found: `its state could not be read: ${exported.message}`,
      advice: "What it holds would pass for left over. Mend it, or get the right to read it.",
    })),
  );
}

function caller({ env, cwd, runner = run }: BackendOptions) {
  return async (words: string[]): Promise<string> => {
    const { stdout } = await runPulumi(words, { env, cwd }, { purpose: "asking the Pulumi backend" }, runner);
    return stdout;
  };
}
