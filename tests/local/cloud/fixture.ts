import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Cloud } from "../../../local/cloud/cloud";
import { Ec2Error } from "../../../local/cloud/errors";
import type { SeedFiles } from "../../../local/cloud/seed";
import type { RegisterImageRequest } from "../../../local/cloud/imageRules";
import type {
  AttachedVolume,
  Firewall,
  Machine,
  MachineKind,
  MachineSpec,
} from "../../../local/machines/machine";

/** Machines that only remember what was done to them. What runs is kept apart from the objects, as on the real ones. */
export class RecordingMachines {
  readonly calls: string[] = [];
  readonly specs: MachineSpec[] = [];
  readonly running = new Set<string>();
  /** The rules that a machine was given while it ran. */
  readonly firewalls = new Map<string, Firewall>();
  /** Call by its first word (`start`, `attach` …) that fails, with this message. */
  readonly failing = new Map<string, string>();

  readonly open = (kind: MachineKind, spec: MachineSpec): Machine => {
    const { instanceId } = spec;
    const note = async (call: string) => {
      const problem = this.failing.get(call.split(" ")[0]);
      if (problem) throw new Error(problem);
      this.calls.push(call);
    };
    const named = ({ volumeId, deviceName }: AttachedVolume) => `${volumeId} ${deviceName}`;
    return {
      consoleFile: path.join(spec.directory, "console.log"),
      start: async (volumes) => {
        await note(`start ${kind} ${spec.boot} ${volumes.map(named).join(",")}`.trim());
        this.specs.push(spec);
        this.running.add(instanceId);
      },
      stop: async () => {
        await note("stop");
        this.running.delete(instanceId);
      },
      destroy: async () => {
        await note("destroy");
        this.running.delete(instanceId);
      },
      attach: (volume) => note(`attach ${named(volume)}`),
      detach: (volume) => note(`detach ${named(volume)}`),
      beginCopy: async (volume, name, file) => {
        if (!this.running.has(instanceId)) return false;
        await note(`beginCopy ${named(volume)} ${name}`);
        execFileSync("cp", ["--sparse=always", volume.file, file]);
        return true;
      },
      finishCopy: (name) => note(`finishCopy ${name}`),
      setFirewall: async (firewall) => {
        await note("setFirewall");
        this.firewalls.set(instanceId, firewall);
      },
      isRunning: async () => this.running.has(instanceId),
    };
  };
}

/** A cloud in a folder of its own, without delays, and what can be seen of its machines. */
export interface Fixture {
  cloud: Cloud;
  machines: RecordingMachines;
  directory: string;
  remove(): void;
}

export function newFixture(): Fixture {
  const directory = mkdtempSync(path.join(tmpdir(), "cloud-test-"));
  const machines = new RecordingMachines();
  const cloud = new Cloud(path.join(directory, "cloud"), { openMachine: machines.open, delayMs: 1 });
  const remove = () => rmSync(directory, { recursive: true, force: true });
  return { cloud, machines, directory, remove };
}

/** Waits until nothing is under way, and gives the record as it is then. */
export async function settled<T>(cloud: Cloud, read: () => Promise<T>): Promise<T> {
  await cloud.background.settled();
  return read();
}

/** Asserts a refusal by EC2's code and the whole of its message. */
export async function assertRefused(
  work: () => Promise<unknown>,
  code: string,
  message: string,
): Promise<void> {
  const error = await work().then(
    () => assert.fail(`was not refused; expected ${code}`),
    (problem: unknown) => problem,
  );
  assert.ok(error instanceof Ec2Error, String(error));
  assert.deepEqual({ code: error.code, message: error.message }, { code, message });
}

/** A volume that is ready. */
export async function newVolume(cloud: Cloud, sizeGb = 1, availabilityZone = "us-east-1a") {
  const { volumeId } = await cloud.volumes.create({ availabilityZone, sizeGb });
  return settled(cloud, () => cloud.volumes.describe(volumeId));
}

/** A snapshot that is completed, of a volume whose first bytes are `content`. */
export async function newSnapshot(cloud: Cloud, content = "", sizeGb = 1) {
  const volume = await newVolume(cloud, sizeGb);
  writeFileSync(cloud.disks.volumeFile(volume.volumeId), content, { flag: "r+" });
  const { snapshotId } = await cloud.snapshots.create(volume);
  return settled(cloud, () => cloud.snapshots.describe(snapshotId));
}

/** RegisterImage's parameters for an HVM image that starts on every x86_64 HVM type. */
export function hvmRequest(
  snapshotId: string,
  change: Partial<RegisterImageRequest> = {},
): RegisterImageRequest {
  return {
    name: "converted",
    architecture: "x86_64",
    virtualizationType: "hvm",
    enaSupport: true,
    rootDeviceName: "/dev/sda1",
    blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { snapshotId } }],
    ...change,
  };
}

/** The same for a PV image. */
export function pvRequest(
  snapshotId: string,
  change: Partial<RegisterImageRequest> = {},
): RegisterImageRequest {
  const pv = {
    name: "old",
    virtualizationType: "paravirtual",
    enaSupport: false,
    kernelId: "aki-919dcaf8",
  } as const;
  return hvmRequest(snapshotId, { ...pv, ...change });
}

/** An image that is available. */
export async function newImage(cloud: Cloud, request: RegisterImageRequest) {
  const { imageId } = await cloud.images.register(request);
  return settled(cloud, () => cloud.images.describe(imageId));
}

/** An instance that runs, of an image of its own. */
export async function newInstance(cloud: Cloud, instanceType = "t3.micro") {
  const { snapshotId } = await newSnapshot(cloud);
  const { imageId } = await newImage(cloud, hvmRequest(snapshotId, { name: `image of ${snapshotId}` }));
  const { instanceId } = await cloud.instances.run({ imageId, instanceType });
  return settled(cloud, () => cloud.instances.describe(instanceId));
}

/** The beginning of a file of gigabytes. */
export function firstBytes(file: string, length: number): string {
  const [descriptor, bytes] = [openSync(file, "r"), Buffer.alloc(length)];
  readSync(descriptor, bytes, 0, length, 0);
  closeSync(descriptor);
  return bytes.toString("latin1");
}

/** Two small image files: content, not size, is what matters of them. */
export function seedFiles({ directory }: Fixture): SeedFiles {
  const files = {
    sampleImage: path.join(directory, "pv.raw"),
    helperImage: path.join(directory, "helper.raw"),
  };
  writeFileSync(files.sampleImage, "sample");
  writeFileSync(files.helperImage, "helper");
  return files;
}
