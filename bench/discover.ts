/** `discover` of a fleet in moto's server (PyPI): another program's answers, and another program's speed. */
import { spawn } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { startMoto } from "../local/moto";
import { print, sum } from "./numbers";
import { watchTree } from "./processTree";

const IMAGES = 500;
const INSTANCES = 200;
const RUNS = 3;

export async function benchDiscover(folder: string, root: string): Promise<void> {
  const images = join(folder, "images.json");
  writeFileSync(images, JSON.stringify(Array.from({ length: IMAGES }, (_, index) => imageOf(index))));
  const moto = await startMoto({ MOTO_AMIS_PATH: images }, root);
  const { url } = moto;
  try {
    await launch(url);
    const runs: Discovered[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await discover(folder, root, url));
    console.log(`\n${IMAGES} images and ${INSTANCES} instances in moto's server`);
    print(
      "discover, with a page (aim: 60 s)",
      "s",
      runs.map(({ seconds }) => seconds),
    );
    print(
      "  memory (aim: 300 MB)",
      "MB",
      runs.map(({ megabytes }) => megabytes),
    );
    print(
      "  size of the page",
      "MB",
      runs.map(({ page }) => page),
    );
  } finally {
    moto.end();
  }
}

/** As moto reads them: https://docs.getmoto.org/en/latest/docs/services/ec2.html */
function imageOf(index: number) {
  return {
    ...{ ami_id: idOf(index), name: `image-${index}`, description: "", state: "available" },
    ...{ public: false, owner_id: null, virtualization_type: "paravirtual", architecture: "x86_64" },
    ...{ image_location: "x", image_type: "machine", platform: null, hypervisor: "xen", sriov: "" },
    ...{ root_device_name: "/dev/sda1", root_device_type: "ebs" },
  };
}

function idOf(index: number): string {
  return `ami-${index.toString(16).padStart(17, "0")}`;
}

async function launch(url: string): Promise<void> {
  const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  const ec2 = new EC2Client({ region: "us-east-1", endpoint: url, credentials });
  const each = 10;
  for (let index = 0; index < INSTANCES / each; index++) {
    const request = {
      ImageId: idOf(index),
      InstanceType: "m1.small" as const,
      MinCount: each,
      MaxCount: each,
    };
    await ec2.send(new RunInstancesCommand(request));
  }
  ec2.destroy();
}

interface Discovered {
  seconds: number;
  megabytes: number;
  /** Of the page, in megabytes. */
  page: number;
}

/** As a user does. */
async function discover(folder: string, root: string, url: string): Promise<Discovered> {
  const page = join(folder, "fleet.html");
  const words = ["discover", "--json", "--html", page, "--cache", join(folder, "cache")];
  const env = {
    ...{ PATH: process.env.PATH, HOME: folder, AWS_ENDPOINT_URL: url, AWS_REGION: "us-east-1" },
    ...{ AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench", AWS_EC2_METADATA_DISABLED: "true" },
  };
  const started = process.hrtime.bigint();
  const child = spawn(process.execPath, [join(root, "dist", "bin.cjs"), ...words], { env });
  const tree = watchTree(child.pid as number);
  let [json, said] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (json += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const status = await new Promise((resolve) => child.once("close", resolve));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const used = tree.stop();
  const [place] =
    status === 0
      ? (JSON.parse(json) as { places: { images: unknown[]; instances: unknown[] }[] }).places
      : [];
  if (place?.images.length !== IMAGES || place.instances.length !== INSTANCES) throw new Error(said);
  const { size } = statSync(page);
  return { seconds, megabytes: sum(used.map(({ megabytes }) => megabytes)), page: size / 1e6 };
}
