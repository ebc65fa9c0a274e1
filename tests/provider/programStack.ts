/** A stack on a local cloud of its own, for programs that a test writes: what the engine did, told as short lines. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";
import { type LocalCloud, prepareLocalCloud } from "../../local/prepare";
import { selectStack } from "../../local/stack";
import { type Run, runOn } from "../end-to-end/harness";
import type { Listeners } from "../end-to-end/run";

export const ROOT = join(__dirname, "..", "..");

/** A migration of the local cloud's sample image. */
export const ARGS = {
  source: { imageId: "ami-00000000000000001" },
  helper: { subnetId: "subnet-00000000000000001", allowedCidrs: ["198.18.0.0/15"] },
};

/** A resource as the engine keeps it in the state. */
export interface Kept {
  urn: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  provider?: string;
  protect?: boolean;
  dependencies?: string[];
}

export class ProgramStack {
  private constructor(
    readonly local: LocalCloud,
    private readonly stack: Stack,
  ) {}

  /** A fresh cloud and a fresh stack. */
  static async open(name: string): Promise<ProgramStack> {
    const directory = join(ROOT, ".cache", `${name}-cloud`);
    await empty(new Cloud(directory));
    const local = await prepareLocalCloud({ root: ROOT, directory, log: () => undefined });
    const workDir = join(ROOT, ".cache", `${name}-stack`);
    rmSync(workDir, { recursive: true, force: true });
    mkdirSync(workDir, { recursive: true });
    writeFileSync(join(workDir, "Pulumi.yaml"), "name: embedding\nruntime: nodejs\n");
    const stack = await selectStack(local, { workDir, stackName: name, program: async () => ({}) });
    await stack.setConfig("aws:region", { value: "us-east-1" });
    return new ProgramStack(local, stack);
  }

  /** `pulumi up` of this program. Never throws: a failure is in `error`. */
  up(program: PulumiFn): Promise<Run> {
    return this.run((listeners) => this.stack.up({ ...listeners, program }));
  }

  preview(program: PulumiFn): Promise<Run> {
    return this.run((listeners) => this.stack.preview({ ...listeners, program }));
  }

  destroy(): Promise<Run> {
    return this.run((listeners) => this.stack.destroy(listeners));
  }

  /** What the state holds, secrets in clear. */
  async kept(): Promise<Kept[]> {
    const { deployment } = (await this.stack.exportStack()) as { deployment: { resources?: Kept[] } };
    return deployment.resources ?? [];
  }

  /** The state's file as it lies there, secrets encrypted. */
  stateFile(): string {
    const file = join(".pulumi", "stacks", "embedding", `${this.stack.name}.json`);
    return readFileSync(join(this.local.home, "state", file), "utf8");
  }

  private run(operation: (listeners: Listeners) => Promise<unknown>): Promise<Run> {
    return runOn(this.stack, operation);
  }
}

/** Names of resources: the end of a URN, or of an operation's line. */
export function nameOf(urn: string): string {
  return urn.split("::").pop() ?? "";
}
