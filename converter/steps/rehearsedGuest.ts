/** What the guest on a converted disk says of its boot: the hardware that it can drive, and what it will ask for. */
import { fileWithDhcp } from "../boot/addressing";
import { type DiskBus, type Hardware, PLAIN_HARDWARE, chooseHardware } from "../boot/hardware";
import type { Expected } from "../boot/verdict";
import type { Disk } from "../disk/disk";
import { readDisk } from "../disk/parts";
import { FailedError, RefusedError } from "../errors";
import { suspects } from "../guest/commandLine/harmful";
import { unbearable } from "../guest/commandLine/pvOnly";
import { readGuest } from "../guest/inspect";
import { type MountedGuest, withGuest } from "../guest/mounts";
import type { Runner } from "../run";
import type { Advice, DiskFacts, GuestFacts, KernelFacts } from "../types";

/** How a guest is to be rehearsed. */
export interface Examined {
  hardware: Hardware;
  expected: Expected;
  warnings: Advice[];
}

/** The kernel that boots, and the file that has eth0 ask for an address. */
interface Promised {
  kernel: KernelFacts;
  dhcp?: string;
  suspects: NonNullable<Expected["suspects"]>;
}

/**
 * Reads the converted disk: the default kernel's initramfs tells the disk bus, its modules the card. A disk whose guest
 * cannot be read gets plain hardware and a warning. Throws a `RefusedError` if QEMU has no disk for the guest.
 */
export async function examine(disk: Disk, bus: DiskBus | undefined, runner: Runner): Promise<Examined> {
  const promised = await readPromises(disk, runner);
  if (promised instanceof RefusedError) {
    const hardware = { ...PLAIN_HARDWARE, diskBus: bus ?? PLAIN_HARDWARE.diskBus };
    return { hardware, expected: {}, warnings: [unreadable(disk, hardware, promised)] };
  }
  const hardware = chooseHardware(promised.kernel, bus);
  const address = hardware.networkCard === "none" ? {} : { dhcp: promised.dhcp };
  const words = promised.suspects.length === 0 ? {} : { suspects: promised.suspects };
  return {
    hardware,
    expected: { ...address, ...words },
    warnings: promised.dhcp === undefined ? [noPromise(disk)] : [],
  };
}

async function readPromises(disk: Disk, runner: Runner): Promise<Promised | RefusedError> {
  try {
    const { parts }: Pick<DiskFacts, "parts"> = await readDisk(disk.path, disk.sizeBytes, runner);
    return await withGuest({ path: disk.path, parts, readOnly: true }, runner, (guest) =>
      promisesOf(guest, runner),
    );
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
}

async function promisesOf(guest: MountedGuest, runner: Runner): Promise<Promised> {
  const facts = await readGuest(guest, runner);
  return { kernel: defaultKernel(facts), dhcp: fileWithDhcp(guest.tree), suspects: suspectsOf(facts) };
}

/** Arguments that a hand put back into a converted guest, or that the conversion left to its owner. */
function suspectsOf({ bootFile }: GuestFacts): Promised["suspects"] {
  const given = bootFile.entries[bootFile.defaultEntry]?.arguments ?? [];
  const worst = unbearable(given);
  return [...(worst ? [worst] : []), ...suspects(given)];
}

function unreadable({ path }: Disk, { diskBus, networkCard }: Hardware, error: RefusedError): Advice {
  const found = `its guest cannot be read (${error.message.split("\n")[0]}), so ${diskBus} and ${networkCard} are tried.`;
  return { subject: path, found, advice: "Nothing to do where it boots." };
}

function noPromise({ path }: Disk): Advice {
  return {
    subject: path,
    found:
      "no file that is known to configure networks has eth0 ask for an address by DHCP at boot, so the rehearsal does not wait for that.",
    advice: "Nothing to do where the guest finds its address in another way.",
  };
}

/** The menu may name a link (`/vmlinuz`) or leave `/boot` out. */
function defaultKernel({ bootFile, kernels }: GuestFacts): KernelFacts {
  const wanted = bootFile.entries[bootFile.defaultEntry]?.kernel;
  const found =
    kernels.find((kernel) => kernel.path === wanted) ??
    kernels.find((kernel) => kernel.path.split("/").at(-1) === wanted?.split("/").at(-1));
  if (found) return found;
  throw new FailedError(
    `rehearsal: the default entry names ${wanted ?? "no kernel"}, which is not among the guest's kernels. Mend the boot menu in the source, and convert again.`,
  );
}
