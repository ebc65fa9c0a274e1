/** Real programs that write a menu anew, run on a guest's files: in mounts of their own, so that they see its /boot. */
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { GuestTree } from "../../../../converter/guest/tree";

/**
 * A file out of a Debian package, unpacked; `undefined` where the package is not to be had. Kept below the system's
 * folder for temporary files.
 */
export function debianFile(name: string, file: string): string | undefined {
  const folder = path.join(os.tmpdir(), `pv-to-hvm-tests-${name}`);
  const unpacked = path.join(folder, "root", file);
  if (fs.existsSync(unpacked)) return unpacked;
  fs.mkdirSync(folder, { recursive: true });
  const { status } = spawnSync("apt-get", ["download", name], { cwd: folder, stdio: "ignore" });
  const archive = fs.readdirSync(folder).find((one) => one.endsWith(".deb"));
  if (status !== 0 || archive === undefined) return undefined;
  execFileSync("dpkg-deb", ["-x", archive, "root"], { cwd: folder });
  return unpacked;
}

/** What the scripts ask of the running system: its root is the disk's first partition. */
const STAND_INS = {
  "grub-probe": `case "$*" in *"-t device"*) echo /dev/xvda1;; *"-t drive"*) echo "(hd0,0)";; *) exit 1;; esac`,
  grub: "exit 0",
  "grub-set-default": "exit 0",
};

/** Runs a script as root with the guest's /boot, /etc/default and /etc/grub.d in the place of this machine's. Returns what it printed. */
export function runOnGuest(tree: GuestTree, script: string, args: string[] = []): string {
  const programs = fs.mkdtempSync(path.join(os.tmpdir(), "stand-ins-"));
  for (const [name, text] of Object.entries(STAND_INS))
    fs.writeFileSync(path.join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  fs.mkdirSync(path.join(tree.root, "etc/default"), { recursive: true });
  const mounts = ["/boot", "/etc/default"].map((folder) => `mount --bind "${tree.root}${folder}" ${folder}`);
  const command = [...mounts, `PATH="${programs}:$PATH" exec "$0" "$@"`].join(" && ");
  try {
    return execFileSync("unshare", ["--mount", "sh", "-c", command, script, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } finally {
    fs.rmSync(programs, { recursive: true });
  }
}
