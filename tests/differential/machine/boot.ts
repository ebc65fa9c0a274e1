/** Starts a disk in QEMU and tells which stub kernel came of it. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { EXIT_PORT, MARK } from "./stubKernel";

const QEMU = "/usr/bin/qemu-system-x86_64";

/** What a boot loader did. */
export interface Started {
  /** The name of the stub that ran; absent: the boot loader gave up. */
  kernel?: string;
  initramfsBytes?: number;
  /** Its command line, without what the boot loader adds for itself. */
  commandLine?: string;
  /** It showed its menu and waited for somebody: Enter was pressed once. */
  waited: boolean;
  /** All that was shown. */
  shown: string;
}

/**
 * A boot loader that has shown nothing for so many seconds of processor time waits for a key: it looks for one all the
 * time, and what it does takes tenths. The clock on the wall would say the same of a machine that has other work. On such a
 * machine the processor also turns while the disk is waited for: with 1.5 seconds a third of the menus failed at a load of 18.
 */
const LEGACY_SILENT_SECONDS = 6;
/** GRUB 2 sleeps the menu's timeout without a word where there is a `hiddenmenu`: five seconds where the menu had none. */
const GRUB2_SILENT_SECONDS = 12;
const LOOK_EVERY_MS = 200;
/** A boot loader that sleeps uses no processor, and one in a loop for ever must end too. */
const LONGEST_MS = 120_000;

/** Boots a machine from its first disk, or from the CD where there is one. */
export async function boot(disk: string, cd?: string): Promise<Started> {
  const drives = [`file=${disk},format=raw,if=ide,index=0,snapshot=on`];
  const cdDrive = cd === undefined ? [] : [`file=${cd},format=raw,if=ide,index=2,media=cdrom,readonly=on`];
  const options = [
    ...["-nodefaults", "-machine", "pc", "-accel", "tcg", "-m", "64", "-display", "none", "-no-reboot"],
    ...["-serial", "stdio", "-device", `isa-debug-exit,iobase=${EXIT_PORT},iosize=4`],
    ...[...drives, ...cdDrive].flatMap((drive) => ["-drive", drive]),
    ...["-boot", cd === undefined ? "c" : "d"],
  ];
  const seen = await (cd === undefined
    ? watch(options, GRUB2_AT_AN_END, GRUB2_SILENT_SECONDS)
    : watch(options, LEGACY_AT_AN_END, LEGACY_SILENT_SECONDS));
  return { ...readStub(seen.shown), ...seen };
}

function readStub(shown: string): Pick<Started, "kernel" | "initramfsBytes" | "commandLine"> {
  const line = new RegExp(`${MARK}(\\S+) ([0-9A-F]{4}) ([^\\n]*)\\n`).exec(shown);
  if (!line) return {};
  const [, kernel, size, commandLine] = line;
  // GRUB 2 puts the file's name before what the menu says.
  const own = commandLine.replace(/^BOOT_IMAGE=\S+ ?/, "").trim();
  return { kernel, initramfsBytes: Number.parseInt(size, 16), commandLine: own };
}

/** Where nothing goes on without a person: GRUB 0.97 after an error or at a password. */
const LEGACY_AT_AN_END = /Press any key to continue\.\.\.\s*$|Password: *$/;
/** The same words of GRUB 2 are followed by its fallback after ten seconds; these come when it has none left. */
const GRUB2_AT_AN_END = /Failed to boot both default and fallback entries/;
/** A menu that waits for ever: GRUB 0.97's on a terminal without a cursor, and GRUB 2's. An error does not show it again. */
const WAITING_MENU = /Highlighted entry is \d+: *$|Use the \S+ and \S+ keys(?!.*Booting)(?!.*Press any key)/s;

/** The serial console until the machine ends, or until only a person would get it further. */
function watch(
  options: string[],
  atAnEnd: RegExp,
  silentSeconds: number,
): Promise<Pick<Started, "shown" | "waited">> {
  return new Promise((resolve, reject) => {
    const machine = spawn(QEMU, options, { stdio: ["pipe", "pipe", "pipe"] });
    let [shown, complaints, waited, shownAt] = ["", "", false, 0];
    const end = () => machine.kill("SIGKILL");
    const longest = setTimeout(end, LONGEST_MS);
    const look = setInterval(() => {
      if (processorSeconds(machine.pid) - shownAt < silentSeconds) return;
      if (waited || !WAITING_MENU.test(shown)) return end();
      waited = true;
      machine.stdin.write("\r");
      shownAt = processorSeconds(machine.pid);
    }, LOOK_EVERY_MS);
    machine.stdout.on("data", (bytes: Buffer) => {
      shown += bytes.toString("latin1");
      shownAt = processorSeconds(machine.pid);
      if (atAnEnd.test(shown)) end();
    });
    machine.stderr.on("data", (bytes: Buffer) => (complaints += bytes.toString()));
    machine.on("error", reject);
    machine.on("close", () => {
      clearTimeout(longest);
      clearInterval(look);
      if (shown === "") reject(new Error(`QEMU showed nothing: ${complaints}`));
      else resolve({ shown, waited });
    });
  });
}

/** What a process has used of the processors so far; 0 where it is gone. */
function processorSeconds(pid: number | undefined): number {
  try {
    // User and system time in hundredths, behind the program's name in brackets (proc(5), stat).
    const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
