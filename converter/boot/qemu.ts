/** A machine in QEMU for a rehearsal: BIOS, one disk on a throw-away overlay, one network card that leads nowhere. */
import * as path from "node:path";
import { withUndo } from "../cleanup";
import { FailedError } from "../errors";
import type { Runner } from "../run";
import { FIRMWARE_PORT } from "./firmware";
import type { Hardware } from "./hardware";
import { inQemuSandbox } from "./qemuSandbox";
import { QmpClient } from "./qmp";

export type Accelerator = "kvm" | "tcg";

/** QEMU's arguments for an accelerator. TCG with one thread a processor and room for translated code. */
export function acceleratorArguments(accelerator: Accelerator): string[] {
  return accelerator === "kvm"
    ? ["-accel", "kvm", "-cpu", "host"]
    : ["-accel", "tcg,thread=multi,tb-size=256", "-cpu", "max"];
}

export interface RehearsalMachine {
  disk: string;
  /** Serial of the NVMe disk, as EC2 gives it: the volume id without its dash. */
  serial: string;
  hardware: Hardware;
  accelerator: Accelerator;
  memoryMb: number;
  /** QEMU's own sandbox arguments: see `sandboxFor`. Empty if it has none. */
  sandboxArguments: string[];
  /** A folder for console, packets and socket; its path short, for a socket's name has 107 bytes. */
  folder: string;
}

export const DRIVE = "disk0";

/** Where the machine's traces are to be found. */
export function tracesIn(folder: string): {
  console: string;
  packets: string;
  firmware: string;
  qmp: string;
} {
  return {
    console: path.join(folder, "console"),
    packets: path.join(folder, "packets"),
    firmware: path.join(folder, "firmware"),
    qmp: path.join(folder, "qmp"),
  };
}

/**
 * QEMU's whole command line. The screen stays, though nobody looks: SeaBIOS, GRUB and kernels act otherwise without one, and
 * EC2's machines have one. VMware's port (`vmport`), which they have not, is left out.
 */
export function qemuCommand(machine: RehearsalMachine): string[] {
  const { console, qmp, firmware } = tracesIn(machine.folder);
  const drive = `if=none,id=${DRIVE},file=${escaped(machine.disk)},format=raw,snapshot=on,cache=unsafe`;
  const command = [
    "qemu-system-x86_64",
    ...machine.sandboxArguments,
    ...acceleratorArguments(machine.accelerator),
    ...["-M", "pc,vmport=off", "-m", String(machine.memoryMb), "-smp", "2", "-nodefaults", "-no-reboot"],
    // It waits until it is watched: on a busy machine a boot that fails at once was over before anyone looked.
    "-S",
    ...["-display", "none", "-vga", "std"],
    ...["-serial", `file:${console}`, "-qmp", `unix:${qmp},server=on,wait=off`],
    ...["-chardev", `file,id=firmware,path=${firmware}`],
    ...["-device", `isa-debugcon,iobase=${FIRMWARE_PORT},chardev=firmware`],
    ...["-drive", drive, ...diskArguments(machine), ...networkArguments(machine)],
  ];
  return inQemuSandbox(command, machine);
}

/** QEMU reads a comma as the end of a value, two as one. */
function escaped(value: string): string {
  return value.replaceAll(",", ",,");
}

function diskArguments({ hardware, serial }: RehearsalMachine): string[] {
  switch (hardware.diskBus) {
    case "nvme":
      return ["-device", `nvme,drive=${DRIVE},serial=${serial},bootindex=0`];
    case "ide":
      return ["-device", `ide-hd,drive=${DRIVE},bootindex=0`];
    case "virtio":
      return ["-device", `virtio-blk-pci,drive=${DRIVE},bootindex=0`];
    case "sata":
      return ["-device", "ahci,id=sata0", "-device", `ide-hd,bus=sata0.0,drive=${DRIVE},bootindex=0`];
    default: {
      const never: never = hardware.diskBus;
      throw new FailedError(`rehearsal: no disk bus ${never as string}.`);
    }
  }
}

/** `restrict=on`: a guest's request to 169.254.169.254 must not reach the helper's own metadata service. */
function networkArguments({ hardware, folder }: RehearsalMachine): string[] {
  if (hardware.networkCard === "none") return ["-nic", "none"];
  const device = hardware.networkCard === "virtio-net" ? "virtio-net-pci" : hardware.networkCard;
  return [
    ...["-netdev", "user,id=net0,restrict=on", "-device", `${device},netdev=net0,romfile=`],
    ...["-object", `filter-dump,id=dump0,netdev=net0,file=${tracesIn(folder).packets}`],
  ];
}

const ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" };

/** A running QEMU. */
export interface Running {
  qmp: QmpClient;
  /** QEMU has ended by itself. */
  ended: () => boolean;
}

/** Runs the machine while `watch` does, and ends it then. */
export async function withQemu<T>(
  machine: RehearsalMachine,
  timeoutSeconds: number,
  runner: Runner,
  watch: (running: Running) => Promise<T>,
): Promise<T> {
  let over = false;
  const options = {
    ...{ purpose: "rehearsing the boot", timeoutSeconds: timeoutSeconds + 60 },
    // Where the throw-away overlay is made.
    env: { ...ENVIRONMENT, TMPDIR: machine.folder },
    // Watched all the while, by what tells more of it than that it runs.
    background: true,
  };
  const exit = runner(qemuCommand(machine), options).finally(() => (over = true));
  // Until it answers, the runner's own undo ends it on a signal. QEMU that cannot start says why; a socket that nobody answers does not.
  const qmp = await Promise.race([
    QmpClient.connect(tracesIn(machine.folder).qmp, 30),
    exit.then(endedTooSoon),
  ]);
  const stop = async () => {
    await qmp.execute("quit").catch(() => undefined);
    // How it ended says nothing of the boot.
    await exit.catch(() => undefined);
    qmp.close();
  };
  return withUndo(stop, async () => {
    await qmp.execute("cont");
    return watch({ qmp, ended: () => over });
  });
}

function endedTooSoon(): never {
  throw new FailedError("rehearsal: QEMU ended before it could be asked anything. Run the rehearsal again.");
}
