/** A boot sector that says a word, counts, and ends QEMU: shows whether an accelerator works, and how fast. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { type Runner, dyingWithThisProgram } from "../run";
import { withScratch } from "../scratch";
import { type Accelerator, acceleratorArguments } from "./qemu";

const SPOKEN = "PV";
/** isa-debug-exit ends QEMU with twice the value written, plus one. */
const EXIT_VALUE = 0x15;
const ENDED = EXIT_VALUE * 2 + 1;
/** Rounds of the counting loop. With the firmware's work, 0.7 s of TCG on two quiet cores. */
const ROUNDS = 0x1000_0000;

/** What a trial showed. */
export interface Trial {
  /** The boot sector's word came over the serial line, and it counted to its end. */
  ended: boolean;
  /** From QEMU's start to its end: the firmware's work and the counting. */
  seconds: number;
}

/**
 * The 512 bytes: `mov dx, COM1`; each letter `mov al, …; out dx, al`; `mov ecx, ROUNDS`; `dec ecx; jnz`; the exit port;
 * a halt for ever.
 */
export function trialBootSector(): Buffer {
  const letters = [...Buffer.from(SPOKEN, "latin1")].flatMap((letter) => [0xb0, letter, 0xee]);
  const rounds = Buffer.alloc(4);
  rounds.writeUInt32LE(ROUNDS);
  const sector = Buffer.alloc(512);
  Buffer.from([
    ...[0xba, 0xf8, 0x03, ...letters],
    ...[0x66, 0xb9, ...rounds, 0x66, 0x49, 0x75, 0xfc],
    ...[0xb0, EXIT_VALUE, 0xe6, 0xf4, 0xf4, 0xeb, 0xfd],
  ]).copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** Boots the sector. Whatever QEMU does, `timeoutSeconds` is the longest that it takes. */
export async function runTrial(
  accelerator: Accelerator,
  timeoutSeconds: number,
  runner: Runner,
): Promise<Trial> {
  return withScratch({ kind: "trial", what: "a boot sector to be tried" }, async (folder) => {
    const [sector, serial] = [path.join(folder, "sector"), path.join(folder, "serial")];
    await fs.writeFile(sector, trialBootSector());
    const { durationMs, exitCode } = await runner(trialCommand(accelerator, sector, serial), {
      purpose: `trying ${accelerator.toUpperCase()}`,
      timeoutSeconds,
      accept: [-1, 0, 1, ENDED],
    });
    const said = await fs.readFile(serial, "latin1").catch(() => "");
    return { ended: said.includes(SPOKEN) && exitCode === ENDED, seconds: durationMs / 1000 };
  });
}

function trialCommand(accelerator: Accelerator, sector: string, serial: string): string[] {
  return dyingWithThisProgram([
    ...["qemu-system-x86_64", ...acceleratorArguments(accelerator), "-M", "pc", "-m", "64"],
    ...["-display", "none", "-nic", "none", "-no-reboot"],
    ...["-device", "isa-debug-exit,iobase=0xf4,iosize=1", "-serial", `file:${serial}`],
    ...["-drive", `if=ide,format=raw,readonly=off,snapshot=on,file=${sector}`],
  ]);
}
