/** The stack program itself on a local cloud, previewed by the real engine's command line with `--json`. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, type PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";
import { automationCommand } from "../../local/engine/automation";
import { prepareLocalCloud, type LocalCloud } from "../../local/prepare";
import program from "../../index";

export const ROOT = join(__dirname, "..", "..");

/** `migrations` of a stack's configuration. */
export type Entries = Record<string, Record<string, unknown>>;

/** A stack whose previews are JSON, as a pull request's job makes them. */
export class RecordedStack {
  private constructor(
    readonly local: LocalCloud,
    private readonly stack: Stack,
    private readonly workDir: string,
    private readonly command: JsonPreviews,
  ) {}

  /** A fresh cloud and a fresh stack, below .cache/<name>-… */
  static async open(name: string): Promise<RecordedStack> {
    const directory = join(ROOT, ".cache", `${name}-cloud`);
    await empty(new Cloud(directory));
    const local = await prepareLocalCloud({ root: ROOT, directory, log: note });
    const workDir = join(ROOT, ".cache", `${name}-stack`);
    rmSync(workDir, { recursive: true, force: true });
    mkdirSync(workDir, { recursive: true });
    writeFileSync(join(workDir, "Pulumi.yaml"), "name: pv-to-hvm\nruntime: nodejs\n");
    const command = new JsonPreviews(await automationCommand(local.engine, local.home));
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "prod", projectName: "pv-to-hvm", program: program as PulumiFn },
      { workDir, envVars: local.env, pulumiCommand: command as unknown as PulumiCommand },
    );
    return new RecordedStack(local, stack, workDir, command);
  }

  /** `pulumi preview --json` of these migrations: what it prints on standard output, also where it fails. */
  async preview(entries: Entries, flags: string[] = []): Promise<string> {
    this.configure(entries);
    this.command.flags = flags;
    const printed: string[] = [];
    await quietly(() => this.stack.preview({ onOutput: (text) => printed.push(text) })).catch(
      () => undefined,
    );
    return printed.join("");
  }

  /** `pulumi up`. Gives the error of one that fails. */
  async up(entries: Entries): Promise<string | undefined> {
    this.configure(entries);
    const onOutput = process.env.PV_TO_HVM_VERBOSE ? (text: string) => process.stdout.write(text) : undefined;
    return quietly(() => this.stack.up({ onOutput })).then(
      () => undefined,
      (error: Error) => error.message,
    );
  }

  /** `pulumi up` of the resources with these names and what they need, and nothing besides. Throws where it fails. */
  async upOnly(names: string[], entries: Entries): Promise<void> {
    this.configure(entries);
    const printed = await this.preview(entries);
    const { steps } = JSON.parse(printed) as { steps: { urn: string }[] };
    const target = steps.map(({ urn }) => urn).filter((urn) => names.includes(urn.split("::").pop() ?? ""));
    await quietly(() => this.stack.up({ target }));
  }

  async destroy(): Promise<void> {
    await this.stack.destroy();
  }

  /** Takes the cloud and the stack away. */
  async remove(): Promise<void> {
    await empty(this.local.cloud);
    for (const folder of [this.local.directory, this.workDir])
      rmSync(folder, { recursive: true, force: true });
  }

  /** The stack's settings, as its file has them. JSON is YAML as well. */
  private configure(entries: Entries): void {
    const config = {
      ...{ "aws:region": "us-east-1", "aws:skipCredentialsValidation": "true" },
      ...{ "aws:skipMetadataApiCheck": "true", "aws:skipRequestingAccountId": "true" },
      "pv-to-hvm:migrations": entries,
    };
    writeFileSync(join(this.workDir, "Pulumi.prod.yaml"), JSON.stringify({ config }));
  }
}

/** The engine's command line; its previews print JSON, which the Automation API itself never asks for. */
class JsonPreviews {
  flags: string[] = [];

  constructor(private readonly pulumi: PulumiCommand) {}

  get command() {
    return this.pulumi.command;
  }

  get version() {
    return this.pulumi.version;
  }

  run(args: string[], ...rest: unknown[]): Promise<unknown> {
    const more = args[0] === "preview" ? ["--json", ...this.flags] : [];
    return (this.pulumi as unknown as Runs).run([...args, ...more], ...rest);
  }
}

/** What the Automation API calls of a command, and declares to nobody. */
interface Runs {
  run(args: string[], ...rest: unknown[]): Promise<unknown>;
}

/**
 * A refused migration rejects outputs, which the program runner reports and ends in order. mocha, in the same process,
 * would take the first of them for a failed test.
 */
async function quietly<T>(operation: () => Promise<T>): Promise<T> {
  const events = ["unhandledRejection", "uncaughtException"] as const;
  const listeners = events.map((event) => process.rawListeners(event) as (() => void)[]);
  events.forEach((event) => process.removeAllListeners(event));
  try {
    return await operation();
  } finally {
    events.forEach((event, index) => listeners[index].forEach((each) => process.on(event, each)));
  }
}

function note(line: string): void {
  console.log(`      ${line}`);
}
