/**
 * KVM or TCG. /dev/kvm may open and still be useless (a virtual machine whose host pretends), so it is tried: a boot
 * sector must write to the serial port within three seconds.
 */
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { existsSync } from "node:fs";
import { FailedError } from "../errors";
import { type Runner, run } from "../run";

export type Accelerator = "kvm" | "tcg";
export type AcceleratorChoice = Accelerator | "auto";

const TRIAL_SECONDS = 3;
const SPOKEN = "KVM";
/** isa-debug-exit ends QEMU with twice the value written, plus one. */
const EXIT_VALUE = 0x15;

/** `mov dx, COM1`, each letter `mov al, …; out dx, al`, then the exit port, then a halt for ever. */
export function trialBootSector(): Buffer {
  const letters = [...Buffer.from(SPOKEN, "latin1")].flatMap((letter) => [0xb0, letter, 0xee]);
  const sector = Buffer.alloc(512);
  Buffer.from([0xba, 0xf8, 0x03, ...letters, 0xb0, EXIT_VALUE, 0xe6, 0xf4, 0xf4, 0xeb, 0xfd]).copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** QEMU's arguments for an accelerator. QEMU 10's TCG with one thread a processor and room for translated code. */
export function acceleratorArguments(accelerator: Accelerator): string[] {
  return accelerator === "kvm"
    ? ["-accel", "kvm", "-cpu", "host"]
    : ["-accel", "tcg,thread=multi,tb-size=256", "-cpu", "max"];
}

/** The accelerator to use. Throws `FailedError` where KVM was asked for by name and does not work. */
export async function chooseAccelerator(
  choice: AcceleratorChoice,
  runner: Runner = run,
): Promise<Accelerator> {
  if (choice === "tcg") return "tcg";
  const works = existsSync("/dev/kvm") && (await kvmWorks(runner));
  if (works) return "kvm";
  if (choice === "auto") return "tcg";
  throw new FailedError(
    `KVM: a boot sector did not run within ${TRIAL_SECONDS} s. Take an instance type with nested virtualization (C8i, M8i, R8i), or --accel tcg.`,
  );
}

async function kvmWorks(runner: Runner): Promise<boolean> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pv-to-hvm-kvm-"));
  try {
    const [sector, serial] = [path.join(folder, "sector"), path.join(folder, "serial")];
    await fs.writeFile(sector, trialBootSector());
    await runner(trialCommand(sector, serial), {
      purpose: "trying KVM",
      timeoutSeconds: TRIAL_SECONDS,
      accept: [-1, 0, 1, EXIT_VALUE * 2 + 1],
    });
    return existsSync(serial) && (await fs.readFile(serial, "latin1")).includes(SPOKEN);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

function trialCommand(sector: string, serial: string): string[] {
  const drive = `if=ide,format=raw,readonly=off,snapshot=on,file=${sector}`;
  return [
    ...[
      "qemu-system-x86_64",
      ...acceleratorArguments("kvm"),
      "-M",
      "pc",
      "-m",
      "64",
      "-display",
      "none",
      "-nic",
      "none",
    ],
    ...[
      "-no-reboot",
      "-device",
      `isa-debug-exit,iobase=0xf4,iosize=1`,
      "-serial",
      `file:${serial}`,
      "-drive",
      drive,
    ],
  ];
}
