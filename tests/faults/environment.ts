/** The environment of one scenario: a cloud, a stack, and notes of what the user saw. */
import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import type { Cloud } from "../../local/cloud/cloud";
import { SAMPLE_SNAPSHOT_ID } from "../../local/cloud/seed";
import { automationCommand } from "../../local/engine/automation";
import { type LocalCloud, prepareLocalCloud } from "../../local/prepare";
import { sha256 } from "../end-to-end/harness";
import { HelperMachine } from "./helperMachine";
import type { Built } from "./packages";
import type { Process } from "./processes";
import { type Proof, proofsIn } from "./proof";
import type { Migrations, Operation, OperationOptions } from "./request";
import { StackState } from "./stackState";
import { type Ended, Update } from "./update";

const ROOT = join(__dirname, "..", "..");
/** Every environment has a backend of its own. So all stacks can have the same name, also in a copied environment. */
const STACK = "faults";

/** What the table shows at the end. */
export interface Notes {
  /** The one line by which the user knows what happened. */
  saw?: string;
  /** What the last `up` told the user to do; instead of `secondsToGoOn`. */
  told?: string;
  secondsToGoOn?: number;
}

export class Environment {
  readonly notes: Notes = {};
  /** What the steps of all updates have proven so far. */
  readonly proofs: Proof[] = [];
  /** SHA-256 of each snapshot that is a source, by id. */
  readonly sources = new Map<string, string>();
  /** Images that the scenario registered itself. */
  readonly ownImages: string[] = [];

  private constructor(
    readonly local: LocalCloud,
    readonly folder: string,
    readonly built: Built,
  ) {}

  /** Opens an environment in a folder of its own, which may be a copy of another environment's. */
  static async open(folder: string, built: Built): Promise<Environment> {
    const directory = join(folder, "cloud");
    const local = await prepareLocalCloud({ root: ROOT, directory, log: (line) => console.log(line) });
    const environment = new Environment(local, folder, built);
    mkdirSync(environment.workDir, { recursive: true });
    writeFileSync(join(environment.workDir, "Pulumi.yaml"), "name: pv-to-hvm\nruntime: nodejs\n");
    environment.protect(SAMPLE_SNAPSHOT_ID);
    environment.noteProven();
    return environment;
  }

  get cloud(): Cloud {
    return this.local.cloud;
  }

  /** What the engine knows. */
  get state(): StackState {
    return StackState.of(this.local.home, STACK);
  }

  get workDir(): string {
    return join(this.folder, "stack");
  }

  /** Begins an operation. The scenario can disturb it while it runs. */
  start(operation: Operation, migrations: Migrations, options: OperationOptions = {}): Update {
    const { local, workDir, built } = this;
    const { engine, home, env } = local;
    const request = {
      ...{ operation, migrations, options, workDir, local: { engine, home, env } },
      ...{ package: options.package ?? built.present, stackName: options.stackName ?? STACK },
    };
    return Update.start(built.runner, request, this.folder);
  }

  /** `pulumi up`. Never throws: a failure is in `error`. */
  up(migrations: Migrations, options?: OperationOptions): Promise<Ended> {
    return this.ended(this.start("up", migrations, options));
  }

  preview(migrations: Migrations, options?: OperationOptions): Promise<Ended> {
    return this.ended(this.start("preview", migrations, options));
  }

  refresh(migrations: Migrations, options?: OperationOptions): Promise<Ended> {
    return this.ended(this.start("refresh", migrations, options));
  }

  destroy(migrations: Migrations = {}, options?: OperationOptions): Promise<Ended> {
    return this.ended(this.start("destroy", migrations, options));
  }

  /** The `up` after the fault, which has to end well. Its seconds are told at the end. */
  async goOn(migrations: Migrations, options?: OperationOptions): Promise<Ended> {
    const run = wentWell(await this.up(migrations, options));
    this.notes.secondsToGoOn = run.seconds;
    return run;
  }

  /** An `up` before the fault, which prepares the stack. It must succeed. */
  async prepared(migrations: Migrations, options?: OperationOptions): Promise<Ended> {
    return wentWell(await this.up(migrations, options));
  }

  /** Waits for an operation's end, and takes down what it has proven. */
  async ended(update: Update): Promise<Ended> {
    const run = await update.ended;
    this.noteProven();
    return run;
  }

  /** What a user does whose computer died in an update: `pulumi cancel` takes the dead process's lock away. */
  async unlock(): Promise<void> {
    await (await this.stack()).cancel();
  }

  /** The stack itself, for what has no method here: `exportStack`, `importStack`. */
  async stack(stackName = STACK): Promise<Stack> {
    const { engine, home, env } = this.local;
    const pulumiCommand = await automationCommand(engine, home);
    return LocalWorkspace.createOrSelectStack(
      { stackName, projectName: "pv-to-hvm", program: async () => ({}) },
      { workDir: this.workDir, envVars: env, pulumiCommand },
    );
  }

  /**
   * Notes the line of an operation's output that told the user what had happened, which has to be there.
   * @param pattern matched line by line.
   */
  saw(run: Ended, pattern: RegExp): string {
    this.notes.saw = lineOf(run, pattern);
    return this.notes.saw;
  }

  /** Notes what the last `up`, which failed, told the user to do. */
  told(run: Ended, pattern: RegExp): void {
    assert.notEqual(run.error, undefined, "the update went well, where it should have said what to do");
    this.notes.told = lineOf(run, pattern);
  }

  /** From now on the bytes of this snapshot must stay what they are. */
  protect(snapshotId: string): void {
    this.sources.set(snapshotId, sha256(this.file("snapshots", `${snapshotId}.raw`)));
  }

  /** The helper of a migration that is not about to end. */
  async helper(migration = "sample"): Promise<HelperMachine> {
    const found = await this.findHelper(migration);
    if (!found) throw new Error(`There is no helper of ${migration}.`);
    return found;
  }

  /** Waits, while an operation goes on, until the converter works on a step. */
  atStep(
    update: Update,
    step: string,
    migration = "sample",
  ): Promise<{ helper: HelperMachine; converter: Process }> {
    return update.until(async () => {
      const helpers = await this.helpers(migration);
      for (const helper of helpers) {
        const converter = helper.converter(step);
        if (converter) return { helper, converter };
      }
      return undefined;
    }, `the converter worked on ${step}`);
  }

  file(...path: string[]): string {
    return join(this.local.directory, ...path);
  }

  /** The private half of the key pair `local`. */
  key(): string {
    return readFileSync(this.file("keys", "local.pem"), "utf8");
  }

  private async findHelper(migration: string): Promise<HelperMachine | undefined> {
    return (await this.helpers(migration)).pop();
  }

  /** Those that are there, the youngest last. */
  private async helpers(migration: string): Promise<HelperMachine[]> {
    const instances = (await this.cloud.instances.list()).filter(
      ({ tags, state }) => tags.Name === `${migration}-helper` && state !== "terminated",
    );
    return instances
      .sort((one, other) => one.launchTime.localeCompare(other.launchTime))
      .map((instance) => new HelperMachine(instance, this.file("machines", instance.instanceId)));
  }

  private noteProven(): void {
    this.proofs.push(...proofsIn(this.state));
  }
}

/** @throws what the engine says of an operation that failed, without the stack's outputs. */
export function wentWell(run: Ended): Ended {
  if (run.error === undefined) return run;
  const [, diagnostics = run.error] = /^Diagnostics:\n([^]*?)^(Outputs|Resources):/m.exec(run.text) ?? [];
  throw new Error(`It did not go well:\n${diagnostics.trimEnd()}`);
}

/** The whole of what a user saw of an operation's failure. */
export function said({ text, error = "" }: Pick<Ended, "text" | "error">): string {
  return `${text}\n${error}`;
}

/** How many of the last lines an error shows if the expected line is missing. */
const WITNESSES = 40;

/** The first line that matches, without what the engine puts before it. @throws if none does, with the last lines. */
export function lineOf(run: Pick<Ended, "text" | "error">, pattern: RegExp): string {
  const lines = said(run).split("\n");
  const line = lines.find((one) => pattern.test(one));
  if (line === undefined) {
    const without = lines.slice(-WITNESSES).join("\n");
    throw new Error(`The user saw nothing like ${pattern}, but:\n${without}`);
  }
  return line
    .replace(/^.*? \(\d+s\) /, "")
    .replace(/^ *(error|warning): /, "")
    .trim();
}

/** The names of children in operations of this kind. */
export function named({ operations }: Pick<Ended, "operations">, operation: string): string[] {
  return operations
    .filter((line) => line.startsWith(`${operation} `))
    .map((line) => line.slice(operation.length + 1));
}
