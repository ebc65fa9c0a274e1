/** The command `pv-to-hvm discover`, run in this process in front of a server. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run as runner } from "../../converter/run";
import { main } from "../../discover/main";
import type { Fleet } from "../../discover/types";

export interface Ended {
  status: number;
  out: string;
  lines: string[];
  last: string;
}

const SERVICES = ["EC2", "EBS", "STS", "AUTO_SCALING", "ORGANIZATIONS"];

/** Answers come from one server, to who has these credentials. */
export class Command {
  readonly cache = mkdtempSync(join(tmpdir(), "discover-"));
  private readonly before: NodeJS.ProcessEnv = {};

  constructor(
    url: string,
    private readonly program?: string,
    more: Record<string, string> = {},
  ) {
    this.set({
      ...Object.fromEntries(SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, url])),
      ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" },
      ...{ AWS_EC2_METADATA_DISABLED: "true", ...more },
    });
  }

  set(environment: Record<string, string>): void {
    for (const name of Object.keys(environment)) this.before[name] ??= process.env[name];
    Object.assign(process.env, environment);
  }

  end(): void {
    for (const [name, value] of Object.entries(this.before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    rmSync(this.cache, { recursive: true, force: true });
  }

  async run(...words: string[]): Promise<Ended> {
    let out = "";
    const lines: string[] = [];
    const cache = words.includes("--cache") ? [] : ["--cache", this.cache];
    const status = await main([...words, ...cache], {
      ...{ runner, program: this.program },
      out: (text) => (out += text),
      log: (line) => lines.push(line),
    });
    return { status, out, lines, last: lines.at(-1) ?? "" };
  }

  /** The same with `--json`, understood. */
  async fleet(...words: string[]): Promise<Ended & { fleet: Fleet }> {
    const ended = await this.run(...words, "--json");
    return { ...ended, fleet: JSON.parse(ended.out) as Fleet };
  }
}
