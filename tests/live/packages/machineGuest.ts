/**
 * Guests whose programs are this machine's own: its real package managers work on a root that has /etc, /var and /boot to itself.
 * /usr is the machine's below an overlay, so that what a package puts there is the guest's alone.
 */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { type TextFile, writeTexts } from "../../converter/families/treeFiles";
import { scratchFolder } from "../../converter/disk/images";
import { folderInMemory } from "../memory";
import { type RunOptions, runIn } from "../oldGuest";
import type { LiveRun } from "../program";
import { writeScript } from "../standIns";
import { addDebs } from "./tinyDebs";
import { addRpms } from "./tinyRpms";
import type { TinyPackage } from "./tinyPackages";

export type RealManager = "dnf" | "zypper" | "apt-get";

export interface MachineGuest {
  manager: RealManager;
  /** A menu and the package manager's settings are among them. */
  texts: Record<string, TextFile>;
  scripts?: Record<string, string>;
  /** What is installed before. */
  installed: TinyPackage[];
  /** What can be had from its repository, /repo. */
  offered: TinyPackage[];
}

const PROGRAMS: Record<RealManager, string[]> = {
  dnf: ["dnf", "rpm", "rpmbuild", "createrepo_c"],
  zypper: ["zypper", "rpm", "rpmbuild", "createrepo_c"],
  "apt-get": ["apt-get", "dpkg", "dpkg-deb", "dpkg-scanpackages"],
};

/** Whether this machine has the real one, and what makes its packages. */
export function hasManager(manager: RealManager): boolean {
  return PROGRAMS[manager].every((name) => fs.existsSync(`/usr/bin/${name}`));
}

/** What the machine may have and a guest has not: another's package manager, and what a preparation gives. */
const HIDDEN = [
  ...["bin/dnf", "bin/yum", "bin/zypper", "bin/apt-get", "bin/dracut", "sbin/dracut", "sbin/mkinitrd"],
  ...["sbin/update-initramfs", "sbin/mkinitramfs", "lib/grub", "share/grub"],
];

const FOLDERS = [
  ...[
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/share",
    "/usr/lib64",
    "/etc",
    "/boot",
    "/root",
    "/tmp",
    "/run",
    "/proc",
    "/sys",
  ],
  ...[
    "/dev/shm",
    "/dev/pts",
    "/dev/overlay",
    "/etc/apt/apt.conf.d",
    "/etc/apt/preferences.d",
    "/var/log",
    "/var/cache/apt/archives/partial",
    "/var/lib/rpm",
    "/var/lib/apt/lists/partial",
  ],
  ...["/var/lib/dpkg/info", "/var/lib/dpkg/updates"],
];

/** Such a guest, which `removeFolders` takes away. */
export function makeMachineGuest(guest: MachineGuest): string {
  const root = path.join(scratchFolder(folderInMemory()), "root");
  for (const folder of FOLDERS) fs.mkdirSync(root + folder, { recursive: true });
  for (const name of ["bin", "sbin", "lib", "lib64"]) fs.symlinkSync(`usr/${name}`, path.join(root, name));
  for (const [name, minor] of Object.entries({ null: 3, random: 8, urandom: 9 }))
    execFileSync("mknod", ["-m", "666", `${root}/dev/${name}`, "c", "1", String(minor)]);
  // Where awk is a link to.
  execFileSync("cp", ["-a", "/etc/alternatives", `${root}/etc/`]);
  // The real one waits for every disk of this machine, and nothing here cuts its power.
  writeScript(root, "/usr/bin/sync", "exit 0\n");
  for (const name of HIDDEN) if (!name.endsWith(`/${guest.manager}`)) hide(root, name);
  writeTexts(root, { "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "/etc/group": "root:x:0:\n" });
  writeTexts(root, guest.texts);
  installAll(root, guest);
  for (const [name, script] of Object.entries(guest.scripts ?? {})) {
    fs.rmSync(root + name, { force: true });
    writeScript(root, name, script);
  }
  offerAll(root, guest.manager, guest.offered);
  return root;
}

/** An overlay shows nothing where its upper folder has a device 0, 0. */
function hide(root: string, name: string): void {
  if (!fs.existsSync(`/usr/${name}`)) return;
  execFileSync("mknod", [`${root}/usr/${name}`, "c", "0", "0"]);
}

const templates = new Map<MachineGuest, string>();

/** A guest like that, made once in a run of the tests, and copied. */
export function freshGuest(guest: MachineGuest): string {
  const template = templates.get(guest) ?? makeMachineGuest(guest);
  if (!templates.has(guest)) {
    const kept = fs.mkdtempSync(path.join(folderInMemory(), "pv-to-hvm-test-"));
    process.once("exit", () => fs.rmSync(kept, { recursive: true }));
    execFileSync("cp", ["-a", template, kept]);
    templates.set(guest, path.join(kept, "root"));
  }
  return copyOf(template);
}

function copyOf(root: string): string {
  const copy = path.join(scratchFolder(folderInMemory()), "root");
  execFileSync("cp", ["-a", root, copy]);
  return copy;
}

/** Adds to the repository. */
export function offerAll(root: string, manager: RealManager, packages: TinyPackage[]): void {
  (manager === "apt-get" ? addDebs : addRpms)(`${root}/repo`, packages);
}

/** Puts packages into the guest as installed ones, by the program itself: their scripts do not run. */
function installAll(root: string, { manager, installed }: MachineGuest): void {
  const folder = scratchFolder();
  const files = () =>
    fs
      .readdirSync(folder)
      .filter((name) => /\.(?:rpm|deb)$/.test(name))
      .map((name) => `${folder}/${name}`);
  if (manager === "apt-get") {
    addDebs(folder, installed);
    fs.writeFileSync(`${root}/var/lib/dpkg/status`, "");
    execFileSync("dpkg", [`--root=${root}`, "--force-depends", "--install", ...files()], { stdio: "pipe" });
  } else {
    addRpms(folder, installed);
    const words = ["--force-debian", "--root", root, "--dbpath", "/var/lib/rpm", "--noscripts", "--nodeps"];
    execFileSync("rpm", [...words, "--install", ...files()], { stdio: "pipe" });
  }
}

/** Runs the program in it. */
export function runInMachineGuest(
  root: string,
  command: "inspect" | "prepare",
  options: RunOptions = {},
): LiveRun {
  return runIn(root, command, { ...options, before: [overlay(root), options.before ?? "true"].join(" && ") });
}

/** Runs a shell script in it, and gives what it said. */
export function scriptIn(root: string, script: string): string {
  const inside = `mount --bind '${root}' '${root}' && mount -t proc proc '${root}/proc' && ${overlay(root)} && exec env -i PATH=/usr/bin:/usr/sbin chroot '${root}' /bin/sh -c "$1"`;
  return execFileSync("unshare", ["--mount", "sh", "-c", inside, "sh", script], {
    encoding: "utf8",
    stdio: "pipe",
  });
}

/** With a place for terminals of its own, where apt-get runs dpkg. */
const overlay = (root: string) =>
  `mount -t overlay overlay -o 'lowerdir=/usr,upperdir=${root}/usr,workdir=${root}/dev/overlay' '${root}/usr' &&
mount -t devpts -o newinstance,ptmxmode=666 devpts '${root}/dev/pts' && ln -sf pts/ptmx '${root}/dev/ptmx'`;
