/** A stack of a user's project on a local cloud, run by the real engine with the SDK that the project has. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cloud } from "../../../local/cloud/cloud";
import { empty } from "../../../local/cloud/empty";
import { list } from "../../../local/cloud/inventory";
import { automationCommand } from "../../../local/engine/automation";
import { startLanguageHost } from "../../../local/host/languageHost";
import { type LocalCloud, prepareLocalCloud } from "../../../local/prepare";
import { launchJavaScript } from "../../examples/host/launches";
import { planOf } from "../../examples/plan";
import { ROOT } from "../installed";
import type { Versions } from "./ends";

/** What an operation came to. */
export interface Embedded {
  /** Resources that a preview says it would make, by name and sorted. */
  created: string[];
  /** Of an update. */
  outputs: Outputs;
}

type Outputs = Record<string, unknown>;

type Operation = "preview" | "up" | "destroy";

/** In a process of its own, since the Automation API is the user's too. */
const INLINE = `const { LocalWorkspace, PulumiCommand } = require("@pulumi/pulumi/automation");
const [operation, stackName, root] = process.argv.slice(2);
(async () => {
  const program = async () => require("./program.cjs")(JSON.parse(process.env.MIGRATION));
  const settings = { workDir: __dirname, pulumiCommand: await PulumiCommand.get({ root }) };
  const stack = await LocalWorkspace.createOrSelectStack({ stackName, projectName: "embedding", program }, settings);
  await stack.setConfig("aws:region", { value: "us-east-1" });
  const created = [];
  const onEvent = ({ resourcePreEvent }) => {
    const { op, type, urn } = resourcePreEvent?.metadata ?? {};
    if (op === "create" && !type.startsWith("pulumi:providers:")) created.push(urn.split("::").pop());
  };
  await stack[operation]({ onEvent, onOutput: (text) => process.stderr.write(text) });
  const outputs = Object.entries(await stack.outputs()).map(([name, { value }]) => [name, value]);
  console.log(JSON.stringify({ created: created.sort(), outputs: Object.fromEntries(outputs) }));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
`;

export class EmbeddedStack {
  private constructor(
    private readonly local: LocalCloud,
    /** Of the user's project. */
    readonly folder: string,
  ) {}

  /** A fresh cloud with no stacks, whose plugins answer as those of these versions. */
  static async open(folder: string, versions: Versions): Promise<EmbeddedStack> {
    const directory = join(ROOT, ".cache", "embedding-cloud");
    await empty(new Cloud(directory));
    const local = await prepareLocalCloud({ root: ROOT, directory, log: () => undefined });
    rmSync(join(local.home, "state"), { recursive: true, force: true });
    mkdirSync(join(local.home, "state"));
    for (const { name, version } of local.plugins)
      renumber(local.home, name, version, versions[`@pulumi/${name}` as keyof Versions]);
    writeFileSync(join(folder, "inline.cjs"), INLINE);
    return new EmbeddedStack(local, folder);
  }

  /** By a program of the user's that holds the migration as a function. */
  async inline(operation: Operation, args: object): Promise<Embedded> {
    await automationCommand(this.local.engine, this.local.home);
    const words = ["inline.cjs", operation, "inline", join(this.local.home, "engine")];
    const said = await this.run(process.execPath, words, { MIGRATION: JSON.stringify(args) });
    return JSON.parse(said.trim().split("\n").pop()!) as Embedded;
  }

  /** By `pulumi` and the project's own SDK, whose starter (`cmd/run`) a language host calls. */
  async byStarter(operation: Operation, args: object): Promise<Embedded> {
    await this.pulumi(["stack", "select", "--create", "starter"]);
    await this.pulumi(["config", "set", "aws:region", "us-east-1"]);
    if (operation === "destroy") {
      await this.pulumi(["destroy", "--yes", "--skip-preview"]);
      return { created: [], outputs: {} };
    }
    const sdk = join(this.folder, "node_modules", "@pulumi", "pulumi");
    const host = await startLanguageHost(launchJavaScript(sdk, { MIGRATION: JSON.stringify(args) }));
    try {
      const client = `--client=${host.address}`;
      if (operation === "preview") return plannedIn(await this.pulumi(["preview", "--json", client]));
      await this.pulumi(["up", "--yes", "--skip-preview", client]);
      return {
        created: [],
        outputs: JSON.parse(await this.pulumi(["stack", "output", "--json"])) as Outputs,
      };
    } finally {
      host.close();
    }
  }

  /** Ids of all that the cloud holds, sorted. EC2 shows a terminated machine for an hour more. */
  async held(): Promise<string[]> {
    const rows = await list(this.local.cloud);
    return rows.flatMap(({ id, state }) => (state === "terminated" ? [] : [id])).sort();
  }

  private pulumi(words: string[]): Promise<string> {
    return this.run(this.local.engine.pulumi, [...words, "--non-interactive"]);
  }

  /** What it prints on standard output. Fails with all that it says. */
  private run(program: string, words: string[], more: Record<string, string> = {}): Promise<string> {
    const options = {
      cwd: this.folder,
      env: { ...process.env, ...this.local.env, ...more },
      maxBuffer: 64 * 1024 * 1024,
    };
    return new Promise((resolve, reject) =>
      execFile(program, words, options, (error, out, errors) =>
        error ? reject(new Error(`${program} ${words.join(" ")}:\n${errors}${out}`)) : resolve(out),
      ),
    );
  }
}

/** By the JSON that a preview prints, in which the stack is no resource. */
function plannedIn(text: string): Embedded {
  const made = planOf(text).resources.filter(({ operation }) => operation === "create");
  return { created: [...made.map(({ name }) => name), "embedding-starter"].sort(), outputs: {} };
}

/** The engine asks for the plugin of the SDK's version: the stand-in's, copied. A link to a folder is no plugin to it. */
function renumber(home: string, name: string, from: string, to: string): void {
  const folderOf = (version: string) => join(home, "plugins", `resource-${name}-v${version}`);
  if (!existsSync(folderOf(to))) cpSync(folderOf(from), folderOf(to), { recursive: true });
}
