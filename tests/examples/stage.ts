/** The real engine in front of a local cloud, on which the examples are previewed, each in a copy of its folder. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { prepareLocalCloud, type LocalCloud } from "../../local/prepare";
import { listen } from "../../local/providers/server";
import type { Listening } from "../../local/providers/server/ownUser";
import { plannedAws } from "./aws/planned";
import { awsSchema } from "./aws/schema";
import { installComponent } from "./component";
import { startLanguageHost } from "../../local/host/languageHost";
import type { Launch } from "../../local/host/program";
import { type Plan, planOf, problemsOf } from "./plan";
import { SETTINGS, type Program } from "./programs";

export const ROOT = join(__dirname, "..", "..");
export const CACHE = join(ROOT, ".cache", "examples");

/** How a language's programs are run. */
export interface Language {
  /** The folder of its programs, and the name of their stacks. */
  name: string;
  /** How a program is started; without it, Pulumi's own language host is asked to. */
  launch?(program: Program): Promise<Launch> | Launch;
  /** Puts what the program needs beside it into the copy of its folder. */
  furnish?(folder: string): void;
}

export class Stage {
  /** What was planned before, by what shapes a plan: several tests look at one. */
  private readonly plans = new Map<string, Plan>();

  private constructor(
    private readonly local: LocalCloud,
    private readonly aws: Listening,
  ) {}

  static async open(): Promise<Stage> {
    const directory = join(ROOT, ".cache", "examples-cloud");
    const local = await prepareLocalCloud({
      root: ROOT,
      directory,
      log: (line) => console.log(`      ${line}`),
    });
    rmSync(join(local.home, "state"), { recursive: true, force: true });
    mkdirSync(join(local.home, "state"));
    installComponent(ROOT, local);
    const schema = awsSchema(join(ROOT, "node_modules", "@pulumi", "aws"));
    return new Stage(local, await listen(plannedAws(local.env.AWS_ENDPOINT_URL_EC2, schema)));
  }

  close(): void {
    this.aws.close();
  }

  /** `pulumi preview` of an example as a user would run it, in a copy of its folder. Run once for each configuration. */
  async preview(program: Program, language: Language, config = program.config): Promise<Plan> {
    const key = JSON.stringify([program.name, language.name, config]);
    const plan = this.plans.get(key) ?? (await this.previewAnew(program, language, config));
    this.plans.set(key, plan);
    return plan;
  }

  private async previewAnew(program: Program, language: Language, config: Program["config"]): Promise<Plan> {
    const folder = furnish(program, language, config);
    const stack = language.name;
    await this.pulumi(folder, ["stack", "select", "--create", stack]);
    const host = language.launch && (await startLanguageHost(await language.launch(program)));
    const client = host ? [`--client=${host.address}`] : [];
    try {
      return planOf(await this.pulumi(folder, ["preview", "--json", "--stack", stack, ...client]));
    } finally {
      host?.close();
    }
  }

  /** A stack of this project as an update would have left it, with these outputs: its state is imported. */
  async publish(project: string, stack: string, outputs: Record<string, string>): Promise<void> {
    const folder = join(CACHE, "programs", "published");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name: project, runtime: "yaml" }));
    await this.pulumi(folder, ["stack", "select", "--create", stack]);
    const type = "pulumi:pulumi:Stack";
    const urn = `urn:pulumi:${stack}::${project}::${type}::${project}-${stack}`;
    const state = { version: 3, deployment: { resources: [{ urn, type, custom: false, outputs }] } };
    writeFileSync(join(folder, "state.json"), JSON.stringify(state));
    await this.pulumi(folder, ["stack", "import", "--stack", stack, "--file", "state.json"]);
  }

  /** What it prints on standard output. Fails with all that it says. */
  private pulumi(cwd: string, args: string[]): Promise<string> {
    const env = { ...process.env, ...this.local.env, PULUMI_DEBUG_PROVIDERS: `aws:${this.aws.port}` };
    const command = [...args, "--non-interactive"];
    return new Promise((resolve, reject) =>
      execFile(
        this.local.engine.pulumi,
        command,
        { cwd, env, maxBuffer: 64 * 1024 * 1024 },
        (error, out, errors) =>
          error
            ? reject(new Error(`pulumi ${args.join(" ")}: ${problemsOf(out) || errors || error}`))
            : resolve(out),
      ),
    );
  }
}

/** The program's folder as it would be after `pulumi install` and `pulumi config set`. */
function furnish({ folder }: Program, language: Language, config: Program["config"]): string {
  const example = folder(language.name);
  const copy = join(CACHE, "programs", example);
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(ROOT, "examples", example), copy, { recursive: true });
  const project = projectOf(copy);
  const given = Object.entries(config).map(([name, value]) => [`${project}:${name}`, value]);
  const settings = { config: { ...SETTINGS, ...Object.fromEntries(given) } };
  writeFileSync(join(copy, `Pulumi.${language.name}.yaml`), stringify(settings));
  language.furnish?.(copy);
  return copy;
}

/**
 * The project's name. Takes its `packages` out of Pulumi.yaml: they are where SDKs come from, which are there already, and
 * would have the component constructed by way of Pulumi's node language host.
 */
function projectOf(folder: string): string {
  const file = join(folder, "Pulumi.yaml");
  const project = parse(readFileSync(file, "utf8")) as { name: string; packages?: unknown };
  delete project.packages;
  writeFileSync(file, stringify(project));
  return project.name;
}
