/**
 * `npm run demo`: a PV image migrated by the real engine on the local cloud, and the result booted.
 * `-- preview` shows what would happen, `-- console` the launched machine's console, `-- destroy` takes all away.
 */
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { prepareLocalCloud, type LocalCloud } from "../prepare";
import { selectStack, withStaleLockRemoved } from "../stack";
import { consoleText } from "./consoleText";
import { holdDemoLock } from "./demoLock";
import { projectRoot } from "./project";
import { ensureRoot } from "./root";
import type { Migrations } from "../../stackReport/outputs";
import { formatPages } from "../../stackReport/pages";
import { paint, wantsColour } from "../../stackReport/paint";

const USAGE = `usage: npm run demo                migrate the sample PV image, boot the result
       npm run demo -- preview     show what would happen, change nothing
       npm run demo -- console     the launched machine's serial console; --raw leaves its control sequences in
       npm run demo -- destroy     take everything away again`;

async function main(): Promise<void> {
  const [command = "up", ...words] = process.argv.slice(2);
  if (["--help", "-h", "help"].includes(command)) {
    console.log(USAGE);
    return;
  }
  const commands: Record<string, (demo: Demo) => Promise<void>> = {
    up,
    preview,
    console: showConsole,
    destroy,
  };
  const unknown = [
    command in commands ? [] : [command],
    words.filter((word) => !isKnown(command, word)),
  ].flat();
  if (unknown.length > 0) {
    console.error(`demo: unknown command "${unknown.join(" ")}".\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  await ensureRoot({ engine: true });
  const root = projectRoot();
  await holdDemoLock(join(root, ".cache", "demo.lock"));
  const log = (line: string) => console.log(`${colours.dim("[set-up]")} ${line}`);
  const local = await prepareLocalCloud({ root, usersAws: true, log });
  log(`providers: ${local.plugins.map(({ name, from }) => `${name} ${from}`).join(", ")}`);
  // The compiled stack program, the same that `pulumi up` runs; loaded at run time, since it is no part of this bundle.
  const program = createRequire(join(root, "dist", "index.js"))("./index.js") as PulumiFn;
  process.chdir(root);
  stayForInterrupts();
  await commands[command]({
    root,
    local,
    stack: await selectStack(local, { workDir: root, stackName: "local", program }),
    raw: words.includes("--raw"),
  });
}

const isKnown = (command: string, word: string) => command === "console" && word === "--raw";

const colours = paint(wantsColour(process.stdout, process.env));

interface Demo {
  root: string;
  local: LocalCloud;
  stack: Stack;
  /** Of `console`: as the machine has sent it. */
  raw: boolean;
}

async function up(demo: Demo): Promise<void> {
  const before = await demo.stack.exportStack();
  const first = !((before.deployment as { resources?: unknown[] })?.resources ?? []).length;
  if (first) await preview(demo);
  heading("pulumi up");
  const result = await withStaleLockRemoved(demo.stack, console.log, () =>
    // The outputs are printed below, where a person can read them.
    demo.stack.up({ onOutput: print, onError: printError, color: colour(), suppressOutputs: true }),
  );
  const changes = Object.entries(result.summary.resourceChanges ?? {}).filter(([kind]) => kind !== "same");
  heading("result");
  console.log(formatPages(migrationsOf(result.outputs), colours));
  console.log(changes.length === 0 ? "\nNo changes: everything was as it should be." : "");
  console.log("Next: npm run demo            again: no changes");
  console.log("      npm run demo -- console what the launched machine's serial console shows");
  console.log("      npm run demo -- destroy take everything away");
}

async function preview(demo: Demo): Promise<void> {
  heading("pulumi preview");
  await withStaleLockRemoved(demo.stack, console.log, () =>
    demo.stack.preview({ onOutput: print, onError: printError, color: colour(), suppressOutputs: true }),
  );
}

async function destroy(demo: Demo): Promise<void> {
  heading("pulumi destroy");
  await withStaleLockRemoved(demo.stack, console.log, () =>
    demo.stack.destroy({ onOutput: print, onError: printError, color: colour(), suppressOutputs: true }),
  );
}

async function showConsole({ stack, local, raw }: Demo): Promise<void> {
  const instances = Object.values(migrationsOf(await stack.outputs())).flatMap(({ instanceId }) =>
    instanceId ? [instanceId] : [],
  );
  if (instances.length === 0) {
    throw new Error("console: no machine has been launched yet. Run npm run demo first.");
  }
  for (const id of instances) {
    const file = join(local.directory, "machines", id, "console.log");
    heading(`console of ${id}`);
    process.stdout.write(
      existsSync(file) ? consoleText(readFileSync(file), raw) : `${id}: its machine is gone.`,
    );
    process.stdout.write("\n");
  }
}

function migrationsOf(outputs: OutputMap): Migrations {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

let interrupts = 0;

/** Ctrl-C reaches the engine as well, which ends its step in order; this process stays until it has. */
function stayForInterrupts(): void {
  process.on("SIGINT", () => {
    interrupts += 1;
    if (interrupts === 1) console.error("\nInterrupted: waiting for the engine to end what it is at.");
    if (interrupts > 2) process.exit(130);
  });
}

function heading(text: string): void {
  console.log(`\n${colours.bold(text)}`);
}

function print(text: string): void {
  process.stdout.write(text);
}

function printError(text: string): void {
  process.stderr.write(text);
}

function colour(): "always" | "never" {
  return wantsColour(process.stdout, process.env) ? "always" : "never";
}

main().catch((error: Error) => {
  // The engine has already printed what went wrong, with its own words; its wrapper would repeat all of it.
  if (error.name === "CommandError" || error.constructor.name === "CommandError") {
    const what = interrupts > 0 ? "Interrupted." : "The engine reported a failure: see above.";
    console.error(`\n${what} What was done stays; run the same command again to go on.`);
  } else {
    console.error(error.message);
  }
  process.exitCode = 1;
});
