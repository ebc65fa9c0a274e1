/**
 * `npm run bench -- live`: `pv-to-hvm inspect` of the sample's root by each shell that a guest may have, beside what the guest's
 * own lsinitramfs takes for its initramfs alone.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { middle, print, sum } from "./numbers";
import { watchTree } from "./processTree";

const RUNS = 5;
const AIM = { seconds: 10, megabytes: 50 };
const SHELLS = [["dash"], ["busybox", "sh"], ["bash", "--posix"]];

interface Measured {
  seconds: number;
  /** Of the process and all that it started together, as far as one look every 50 ms sees them. */
  megabytes: number;
}

/**
 * All rows.
 * @param folder where the sample can be mounted
 */
export async function benchLive(folder: string, root: string, sample: string): Promise<void> {
  const guest = join(folder, "guest");
  mkdirSync(guest);
  execFileSync("mount", ["-o", "loop,ro,noload", sample, guest]);
  try {
    await benchGuest(join(root, "dist", "pv-to-hvm.sh"), guest);
  } finally {
    execFileSync("umount", [guest]);
  }
}

async function benchGuest(program: string, guest: string): Promise<void> {
  console.log("\ninspect of a live PV source, the sample's root");
  const rows = rowsOf(program, guest);
  const measured = await measureInTurns(rows.map(({ command }) => command));
  rows.forEach(({ what }, row) => printRow(what, measured[row]));
  printAim(measured.slice(0, -1).flat());
}

function rowsOf(program: string, guest: string): { what: string; command: string[] }[] {
  const initrd = readdirSync(join(guest, "boot")).find((name) => name.startsWith("initrd.img-")) ?? "";
  const shells = SHELLS.filter(([shell]) => spawnSync("which", [shell]).status === 0).map((shell) => ({
    what: `inspect by ${shell.join(" ")}`,
    command: [...shell, program, "inspect", guest, "--json"],
  }));
  return [
    ...shells,
    { what: "lsinitramfs alone", command: ["chroot", guest, "lsinitramfs", `/boot/${initrd}`] },
  ];
}

/** In turns, so that a machine that slows down slows all of them. */
async function measureInTurns(commands: string[][]): Promise<Measured[][]> {
  const measured = commands.map((): Measured[] => []);
  for (let run = 0; run < RUNS; run++)
    for (const [row, command] of commands.entries()) measured[row].push(await measure(command));
  return measured;
}

function measure([program, ...args]: string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: "ignore" });
  const watch = watchTree(child.pid ?? 0);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status) => {
      const seconds = (performance.now() - started) / 1000;
      const megabytes = sum(watch.stop().map((one) => one.megabytes));
      if (status === 0) resolve({ seconds, megabytes });
      else reject(new Error(`${program} ${args.join(" ")} ended with ${status}`));
    });
  });
}

function printRow(what: string, measured: Measured[]): void {
  print(
    what,
    "s",
    measured.map(({ seconds }) => seconds),
  );
  print(
    "",
    "MB",
    measured.map(({ megabytes }) => megabytes),
  );
}

function printAim(measured: Measured[]): void {
  const holds =
    middle(measured.map(({ seconds }) => seconds)) <= AIM.seconds &&
    middle(measured.map(({ megabytes }) => megabytes)) <= AIM.megabytes;
  console.log(`  the aim of ${AIM.seconds} s and ${AIM.megabytes} MB: ${holds ? "holds" : "does not hold"}`);
}
