import { createHash } from "node:crypto";
import * as path from "node:path";
import { blockNode, diskDevice, HIGHEST_SLOT } from "./disks";
import type { AttachedVolume, MachineSpec } from "./machine";
import { METADATA_FOLDER, RESPONDER_FILE } from "./metadata";
import { MONITOR_SOCKET } from "./monitor";
import { SSH_PORT } from "./network";

/** What is loaded from outside the disk, as PV-GRUB does. */
export interface LoadedKernel {
  kernelFile: string;
  initrdFile?: string;
  commandLine: string;
}

export interface QemuOptions {
  accelerator: "kvm" | "tcg";
  /** Absent for an HVM machine: it boots its disk. */
  loaded?: LoadedKernel;
}

export const PID_FILE = "qemu.pid";
export const CONSOLE_FILE = "console.log";

/**
 * Who connects to a guest, as it sees it: a neighbour in its own subnet. QEMU passes on where connections come from, and
 * a guest without a router answers its neighbours only; so they are made to seem to come from here (`firewall.ts`).
 */
export const GUEST_NEIGHBOUR = "169.254.169.2";

/**
 * QEMU's own filter of system calls, as far as this machine allows. QEMU may start programs, since one of them answers for the
 * metadata service (`guestfwd`). It may change its session, which `-daemonize` does under the filter: so `setpriv` takes its
 * privileges. It keeps two: to listen on port 22, and to open the files of the user who types the commands.
 */
const SANDBOX = ["-sandbox", "on,obsolete=deny,elevateprivileges=allow,spawn=allow,resourcecontrol=deny"];
const WITHOUT_PRIVILEGES = [
  ...["setpriv", "--no-new-privs", "--bounding-set=-all,+net_bind_service,+dac_override"],
];

/**
 * QEMU's whole command line. It runs in the machine's directory and goes to the background once the machine exists.
 * Files are named in JSON, where no character of a path has a meaning of its own.
 */
export function qemuArguments(spec: MachineSpec, volumes: AttachedVolume[], options: QemuOptions): string[] {
  return [
    ...WITHOUT_PRIVILEGES,
    ...["qemu-system-x86_64", "-name", spec.instanceId, "-nodefaults", "-display", "none", ...SANDBOX],
    // Without graphics SeaBIOS speaks on the serial line too: "No bootable device" is to be read in the console.
    ...["-machine", "pc,graphics=off", ...accelerator(options.accelerator)],
    ...["-smp", String(spec.vcpus), "-m", String(spec.memoryMb), "-device", "virtio-rng-pci"],
    ...["-serial", `file:${CONSOLE_FILE}`, "-qmp", `unix:${MONITOR_SOCKET},server=on,wait=off`],
    ...["-pidfile", PID_FILE, "-daemonize"],
    ...identity(spec),
    ...disks(spec, volumes),
    ...network(spec),
    ...(options.loaded ? loadedKernel(options.loaded) : []),
  ];
}

function accelerator(name: "kvm" | "tcg"): string[] {
  // Nested virtualization is nothing that a guest of the local cloud has: its drivers would only fail, noisily.
  return name === "kvm"
    ? ["-accel", "kvm", "-cpu", "host"]
    : ["-accel", "tcg,thread=multi,tb-size=256", "-cpu", "max,-svm"];
}

/** What tells a guest that it runs on EC2: the UUID begins with ec2 (AWS's user guide, "Identify EC2 instances"). */
function identity({ instanceId, instanceType }: MachineSpec): string[] {
  const digest = createHash("sha256").update(instanceId).digest("hex");
  const uuid = [
    "ec2" + digest.slice(0, 5),
    digest.slice(5, 9),
    "4" + digest.slice(9, 12),
    "a" + digest.slice(12, 15),
  ];
  const system = `type=1,manufacturer=Amazon EC2,product=${instanceType},uuid=${uuid.join("-")}-${digest.slice(15, 27)}`;
  return [
    "-smbios",
    "type=0,vendor=Amazon EC2,version=1.0",
    "-smbios",
    system,
    "-smbios",
    "type=3,asset=Amazon EC2",
  ];
}

function disks(spec: MachineSpec, volumes: AttachedVolume[]): string[] {
  const bootIndex = spec.boot === "boot-record" ? 0 : undefined;
  const devices = [spec.rootVolume, ...volumes].map((volume, index) => ({
    volume,
    device: diskDevice(volume, spec.boot, HIGHEST_SLOT - index),
  }));
  return devices.flatMap(({ volume, device }, index) => [
    ...["-blockdev", JSON.stringify(blockNode(volume))],
    ...["-device", JSON.stringify(index === 0 ? { ...device, bootindex: bootIndex } : device)],
  ]);
}

/**
 * A guest is alone with its metadata service: nothing goes out (`restrict`), or 169.254.169.254 would be that of the
 * cloud that this host may run in. Where its security groups let something out, QEMU makes these connections, under the
 * rules of its network namespace, which has no way to that address either. ssh comes in on the machine's own address,
 * which that namespace has.
 */
function network(spec: MachineSpec): string[] {
  const responder = [
    "/bin/sh",
    path.join(spec.directory, RESPONDER_FILE),
    path.join(spec.directory, METADATA_FOLDER),
  ];
  const user = {
    type: "user",
    id: "net0",
    ...{ net: "169.254.169.0/24", host: GUEST_NEIGHBOUR, dns: "169.254.169.3", dhcpstart: "169.254.169.15" },
    ipv6: false,
    restrict: spec.firewall.egress.length === 0,
    hostfwd: [{ str: `tcp:${spec.address}:${SSH_PORT}-:22` }],
    guestfwd: [{ str: `tcp:169.254.169.254:80-cmd:${responder.map(quote).join(" ")}` }],
  };
  const card = { driver: "virtio-net-pci", netdev: "net0", mac: macAddress(spec), romfile: "" };
  return ["-netdev", JSON.stringify(user), "-device", JSON.stringify(card)];
}

/** The one that the metadata names; else one made of the instance's id, so that it stays the same. */
export function macAddress({ instanceId, metadata }: Pick<MachineSpec, "instanceId" | "metadata">): string {
  const named = metadata["meta-data/mac"]?.trim();
  if (named) return named;
  const digest = createHash("sha256").update(instanceId).digest("hex");
  return ["02", ...[0, 2, 4, 6, 8].map((at) => digest.slice(at, at + 2))].join(":");
}

function loadedKernel({ kernelFile, initrdFile, commandLine }: LoadedKernel): string[] {
  return ["-kernel", kernelFile, ...(initrdFile ? ["-initrd", initrdFile] : []), "-append", commandLine];
}

/** As g_shell_parse_argv reads it, by which QEMU takes a command apart. */
const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
