/** `npm run cloud -- pulumi …`: Pulumi's command on the local cloud, also where the engine has no language host. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { startLanguageHost } from "../host/languageHost";
import { launchNode } from "../host/launchNode";
import { type LocalCloud, prepareLocalCloud } from "../prepare";

/** Pulumi's commands that run the program, or may: these take `--client`. All others are handed on as they are. */
const RUNNING = ["preview", "pre", "up", "update", "refresh", "destroy", "down", "dn"];

/**
 * Runs `pulumi` with these words in the checkout, on the local cloud's own backend. The program is the checkout's compiled
 * one, which the set-up has just built.
 * @returns its exit status, 128 and the signal's number where a signal ended it.
 */
export async function runPulumi(root: string, directory: string, words: string[]): Promise<number> {
  const local = await prepareLocalCloud({
    root,
    directory,
    usersAws: true,
    log: (line) => console.error(`[set-up] ${line}`),
  });
  if (!RUNNING.includes(commandIn(words))) return ended(local, root, words);
  const sdk = join(root, "node_modules", "@pulumi", "pulumi");
  const host = await startLanguageHost(launchNode(sdk, join(root, "dist", "index.js")));
  try {
    return await ended(local, root, [...words, `--client=${host.address}`]);
  } finally {
    host.close();
  }
}

/** The first word that is no option: `--cwd` and its like take their values by `=` or behind the command. */
function commandIn(words: string[]): string {
  return words.find((word) => !word.startsWith("-")) ?? "";
}

async function ended(local: LocalCloud, root: string, words: string[]): Promise<number> {
  const callers = (await local.cloud.callers.list()).map(({ id }) => id);
  const env = environmentOf(local, process.env, callers);
  const child = spawn(local.engine.pulumi, words, { cwd: root, env, stdio: "inherit" });
  // The terminal's Ctrl-C reaches the engine as well, which ends in order what it is at.
  process.on("SIGINT", () => undefined);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}

/**
 * The user's own backend and account are never touched; a passphrase of the user's own stays, and so does an access key that
 * was given policies on the local cloud.
 */
export function environmentOf(
  { env }: Pick<LocalCloud, "env">,
  own = process.env,
  callers: string[] = [],
): NodeJS.ProcessEnv {
  const { PULUMI_CONFIG_PASSPHRASE, ...rest } = env;
  if (callers.includes(own.AWS_ACCESS_KEY_ID ?? "")) rest.AWS_ACCESS_KEY_ID = own.AWS_ACCESS_KEY_ID!;
  const isGiven =
    own.PULUMI_CONFIG_PASSPHRASE !== undefined || own.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  return { ...own, ...rest, ...(isGiven ? {} : { PULUMI_CONFIG_PASSPHRASE }) };
}
