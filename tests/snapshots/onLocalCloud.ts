/** The command `pv-to-hvm inspect snap-…` in front of the local cloud. */
import { chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { run as runner } from "../../converter/run";
import type { StepReport } from "../../converter/types";
import { main } from "../../snapshots/main";
import type { SnapshotRecord } from "../../local/cloud/snapshots";
import { bundle } from "../converter/program";
import { scratchFolder } from "../converter/disk/images";
import { type Api, openApi } from "../local/ec2Api/api";

export interface Ended {
  status: number;
  out: string;
  lines: string[];
  last: string;
}

export class OnLocalCloud {
  private before: NodeJS.ProcessEnv = {};
  private snapshots = 0;

  private constructor(
    readonly api: Api,
    /** The converter, built. */
    readonly program: string,
    /** Where blocks are kept, unless a command line says otherwise. */
    readonly cache: string,
  ) {}

  static async open(): Promise<OnLocalCloud> {
    const folder = scratchFolder();
    const cloud = new OnLocalCloud(
      await openApi(),
      bundle("converter/main.ts", folder),
      join(folder, "cache"),
    );
    cloud.setEnvironment();
    return cloud;
  }

  private setEnvironment(): void {
    const { url } = this.api;
    const environment = {
      ...{ AWS_ENDPOINT_URL_EC2: url, AWS_ENDPOINT_URL_EBS: url, AWS_ENDPOINT_URL_STS: url },
      ...{ AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: "us-east-1" },
      AWS_EC2_METADATA_DISABLED: "true",
    };
    this.before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
    Object.assign(process.env, environment);
  }

  async end(): Promise<void> {
    for (const [name, value] of Object.entries(this.before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    await this.api.end();
  }

  /** Makes a snapshot of a file's bytes. Gives its id. */
  async snapshotOf(image: string, change: Partial<SnapshotRecord> = {}): Promise<string> {
    const { disks, snapshots } = this.api.cloud;
    const snapshotId = `snap-${String(++this.snapshots).padStart(17, "0")}`;
    // Its bytes never change again: the snapshot shares them.
    chmodSync(image, 0o444);
    await disks.adoptAsSnapshot(image, snapshotId);
    await snapshots.register({
      ...{ snapshotId, volumeId: "vol-ffffffff", description: "", encrypted: false, ownerId: "000000000000" },
      ...{ state: "completed", startTime: "2014-05-01T00:00:00.000Z", tags: {} },
      volumeSizeGb: Math.ceil(statSync(image).size / 2 ** 30),
      ...change,
    });
    return snapshotId;
  }

  /** Runs `inspect` with these words behind it. */
  async inspect(...words: string[]): Promise<Ended> {
    let out = "";
    const lines: string[] = [];
    const cache = words.includes("--cache") ? [] : ["--cache", this.cache];
    const status = await main(["inspect", ...words, ...cache], {
      out: (text) => (out += text),
      log: (line) => lines.push(line),
      runner,
      program: this.program,
    });
    return { status, out, lines, last: lines.at(-1) ?? "" };
  }

  /** The same with `--json`, understood. */
  async report(...words: string[]): Promise<Ended & { report: StepReport }> {
    const ended = await this.inspect(...words, "--json");
    return { ...ended, report: JSON.parse(ended.out) as StepReport };
  }
}
