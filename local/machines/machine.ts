import type { MetadataOptions } from "./metadata";

/**
 * What an instance of the local cloud runs on. Two kinds stand behind this one interface: a virtual machine
 * (`virtualMachine.ts`: guests) and a container (`container.ts`: helpers where there is no KVM). A machine outlives
 * the process that started it: everything needed to find it again lies in its directory.
 */
export interface MachineSpec {
  /** `i-…` */
  instanceId: string;
  /** A folder of this machine's own: console.log, pid file, sockets, what the metadata service answers. */
  directory: string;
  /** Of its own, the upper of a /31 whose lower one is the host's (`network.ts`); ssh answers on port 22. */
  address: string;
  instanceType: string;
  vcpus: number;
  memoryMb: number;
  /**
   * `boot-record`: only through the disk's own boot record (HVM). `pv-grub`: the kernel and initrd that the disk's own
   * menu.lst names, loaded from outside (PV). A container ignores it and starts the root volume's sshd.
   */
  boot: "boot-record" | "pv-grub";
  rootVolume: AttachedVolume;
  /** IMDS paths below `/latest/` and their texts, e.g. `meta-data/public-keys/0/openssh-key`. */
  metadata: Record<string, string>;
  /** What its metadata service asks for. Absent: EC2's defaults. A container has no such service. */
  metadataOptions?: MetadataOptions;
  /** cloud-init user data, as given to RunInstances (decoded). */
  userData?: string;
  /** What the instance's security groups let through when it starts; `setFirewall` changes it. */
  firewall: Firewall;
}

/**
 * What is let through, of all security groups of an instance together; everything else is dropped. Answers to what was
 * let through pass in either direction, as security groups keep track of connections.
 */
export interface Firewall {
  ingress: FirewallRule[];
  egress: FirewallRule[];
}

export interface FirewallRule {
  protocol: "tcp" | "udp" | "icmp" | "all";
  /** Ports from 0 to 65535, both included. Without a meaning for `icmp` and `all`. */
  fromPort: number;
  toPort: number;
  /** IPv4 networks: sources of ingress, destinations of egress. */
  cidrs: string[];
}

export interface AttachedVolume {
  /** `vol-…` */
  volumeId: string;
  /** The raw file with the volume's bytes. */
  file: string;
  /** As asked for in AttachVolume: `/dev/sdf`. A guest sees NVMe names all the same. */
  deviceName: string;
}

export interface Machine {
  /** Starts it with these volumes (the root volume not among them) and returns once it runs; booting goes on. */
  start(volumes: AttachedVolume[]): Promise<void>;
  /** Asks the system inside to shut down, and ends it after a grace time. Does nothing to a machine that is stopped. */
  stop(): Promise<void>;
  /** Ends it at once and removes its directory. Does nothing to a machine that is gone. */
  destroy(): Promise<void>;
  /** Plugs a volume into the running machine. */
  attach(volume: AttachedVolume): Promise<void>;
  /** Pulls it out again. Does nothing if the machine is stopped. */
  detach(volume: AttachedVolume): Promise<void>;
  /**
   * Begins to copy the bytes that a volume has at this moment to a new file; the machine runs on, and what it writes
   * from now on is not in the copy. `finishCopy` waits for it, by the same name, in whatever process.
   * @returns false if there is nothing to stop it from: a machine that is stopped, or a container, which writes to the
   * volume's own file. Nothing has been begun then.
   */
  beginCopy(volume: AttachedVolume, name: string, file: string): Promise<boolean>;
  /** Waits until a copy is whole. Fails where the machine has ended before it was. */
  finishCopy(name: string): Promise<void>;
  /** Puts other rules in place of those that it has. Does nothing to a machine that is stopped: it starts with its own. */
  setFirewall(firewall: Firewall): Promise<void>;
  isRunning(): Promise<boolean>;
  /** The serial console so far. */
  consoleFile: string;
}

export type MachineKind = "virtual-machine" | "container";
