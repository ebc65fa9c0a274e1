/** The real engine on a local cloud of the tests' own, and what it did, told as short lines. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { PvToHvmMigration, type PvToHvmMigrationArgs } from "../../components";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";
import { prepareLocalCloud, type LocalCloud } from "../../local/prepare";
import { selectStack } from "../../local/stack";
import { giveRoles, type RoleName } from "../policies/roles";
import { type Listeners, operationOf } from "./run";

const ROOT = join(__dirname, "..", "..");

export interface Run {
  /** `create sample-helper`, `replace sample-copy` …: every operation but `same`, in the order they began. */
  operations: string[];
  outputs: OutputMap;
  /** What a user saw. */
  text: string;
  error?: string;
}

/** Of an exported state. */
interface Resource {
  urn: string;
  outputs?: Record<string, unknown>;
}

/** Who previews and refreshes, and who updates and destroys: each has exactly the policies that are shipped. */
interface Callers {
  looks: RoleName;
  changes: RoleName;
}

export class Harness {
  private constructor(
    readonly local: LocalCloud,
    private readonly stack: Stack,
    private readonly callers: Callers,
  ) {}

  /** A fresh cloud and a fresh stack. */
  static async open(name: string, callers: Callers = { looks: "preview", changes: "up" }): Promise<Harness> {
    const directory = join(ROOT, ".cache", `${name}-cloud`);
    await empty(new Cloud(directory));
    const local = await prepareLocalCloud({
      root: ROOT,
      directory,
      log: (line) => console.log(`      ${line}`),
    });
    const workDir = join(ROOT, ".cache", `${name}-stack`);
    rmSync(workDir, { recursive: true, force: true });
    mkdirSync(workDir, { recursive: true });
    writeFileSync(join(workDir, "Pulumi.yaml"), "name: pv-to-hvm\nruntime: nodejs\n");
    const stack = await selectStack(local, { workDir, stackName: name, program: async () => ({}) });
    await stack.setConfig("aws:region", { value: "us-east-1" });
    await giveRoles(local.cloud, [callers.looks, callers.changes]);
    return new Harness(local, stack, callers);
  }

  /** `pulumi up` with these arguments. Never throws: a failure is in `error`. */
  up(args: PvToHvmMigrationArgs): Promise<Run> {
    return this.run("changes", (options) => this.stack.up({ ...options, program: program(args) }));
  }

  preview(args: PvToHvmMigrationArgs): Promise<Run> {
    return this.run("looks", (options) =>
      this.stack.preview({ ...options, diff: true, program: program(args) }),
    );
  }

  refresh(args: PvToHvmMigrationArgs): Promise<Run> {
    this.stack.workspace.program = program(args);
    return this.run("looks", (options) => this.stack.refresh(options));
  }

  destroy(): Promise<Run> {
    return this.run("changes", (options) => this.stack.destroy(options));
  }

  /** How many resources the state still holds. */
  async resourceCount(): Promise<number> {
    const { deployment } = (await this.stack.exportStack()) as { deployment: { resources?: unknown[] } };
    return deployment.resources?.length ?? 0;
  }

  /** What a command of the stack has printed, as the state has it. */
  async printed(name: string): Promise<unknown> {
    const { deployment } = (await this.stack.exportStack()) as { deployment: { resources: Resource[] } };
    return deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs?.stdout;
  }

  file(...path: string[]): string {
    return join(this.local.directory, ...path);
  }

  /** Ids that the cloud holds, from the names of its files. */
  held(folder: "volumes" | "snapshots" | "machines"): string[] {
    return readdirSync(this.file(folder))
      .map((name) => name.replace(/\.raw$/, ""))
      .sort();
  }

  key(): string {
    return readFileSync(this.file("keys", "local.pem"), "utf8");
  }

  private run(does: keyof Callers, operation: (listeners: Listeners) => Promise<unknown>): Promise<Run> {
    this.stack.workspace.envVars.AWS_ACCESS_KEY_ID = this.callers[does];
    return runOn(this.stack, operation);
  }
}

/** An operation on a stack, and what it did. Never throws: a failure is in `error`. */
export async function runOn(
  stack: Stack,
  operation: (listeners: Listeners) => Promise<unknown>,
): Promise<Run> {
  const run: Run = { operations: [], outputs: {}, text: "" };
  const listeners: Listeners = {
    onOutput: (text) => {
      run.text += text;
      if (process.env.PV_TO_HVM_VERBOSE) process.stdout.write(text);
    },
    onEvent: (event) => {
      const began = operationOf(event);
      if (began !== undefined) run.operations.push(began);
    },
  };
  const restore = silenceMocha();
  try {
    await operation(listeners);
  } catch (error) {
    run.error = (error as Error).message;
  } finally {
    restore();
  }
  run.outputs = await stack.outputs();
  return run;
}

/**
 * A refused migration rejects outputs, which the program runner reports and ends in order. mocha, in the same process,
 * would take the first of them for a failed test and leave the engine waiting.
 */
export function silenceMocha(): () => void {
  const events = ["unhandledRejection", "uncaughtException"] as const;
  const listeners = events.map((event) => process.rawListeners(event) as (() => void)[]);
  events.forEach((event) => process.removeAllListeners(event));
  return () => events.forEach((event, index) => listeners[index].forEach((each) => process.on(event, each)));
}

function program(args: PvToHvmMigrationArgs): PulumiFn {
  return async () => {
    const migration = new PvToHvmMigration("sample", args);
    return {
      imageId: migration.imageId,
      snapshotId: migration.snapshotId,
      instanceId: migration.instanceId,
      instanceAddress: migration.instanceAddress,
      sourceReport: migration.sourceReport,
      plan: migration.plan,
      report: migration.report,
      bootProof: migration.bootProof,
    };
  };
}

/** Of the bytes, holes read as zeros. */
export function sha256(file: string): string {
  return execFileSync("sha256sum", [file], { encoding: "utf8" }).split(" ")[0];
}

/** The names of children in operations of this kind. */
export function named(run: Run, operation: string): string[] {
  return run.operations
    .filter((line) => line.startsWith(`${operation} `))
    .map((line) => line.slice(operation.length + 1));
}
