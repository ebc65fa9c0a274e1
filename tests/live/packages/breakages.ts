/**
 * What real package managers say and do where something is broken: it is told in their own words, with what to do; what boots today is as
 * it was; and once that is mended the next run goes on.
 */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { debianFile } from "../../converter/guest/menu/updateGrub";
import { isRoot, removeFolders } from "../../converter/disk/images";
import type { RunOptions } from "../oldGuest";
import { freshGuest, hasManager, runInMachineGuest, scriptIn } from "./machineGuest";
import { MACHINE_GUESTS } from "./machineGuests";
import { todayOf } from "./todayOf";

type Family = keyof typeof MACHINE_GUESTS;

export interface Breakage {
  name: string;
  /** One of each package manager is in `npm test`. */
  usual?: boolean;
  family: Family;
  breakIt: (root: string) => void;
  options?: (root: string) => RunOptions;
  /** 3: refused before anything was installed. 4: it failed on the way. 0: it went on, and warned. */
  status: 0 | 3 | 4;
  found: RegExp;
  fix?: RegExp;
  /** What a person does then; absent where the row is about a refusal alone. */
  mend?: (root: string) => void;
}

const replace = (file: string, from: string | RegExp, to: string) => (root: string) =>
  fs.writeFileSync(root + file, fs.readFileSync(root + file, "utf8").replace(from, to));
const removeFrom = (folder: string, start: string) => (root: string) =>
  fs
    .readdirSync(root + folder)
    .filter((name) => name.startsWith(start))
    .forEach((name) => fs.rmSync(`${root}${folder}/${name}`));
const removeRepository = (root: string) => fs.rmSync(`${root}/repo`, { recursive: true });
const append = (file: string, text: string) => (root: string) => fs.appendFileSync(root + file, text);
const inGuest = (script: string) => (root: string) => void scriptIn(root, script);
const kernelScript = (script: string) => (root: string) =>
  fs.writeFileSync(`${root}/usr/sbin/new-kernel-pkg`, `#!/bin/sh\n${script}\n`);

/** Kills, once, what runs the package's script: dnf itself, zypper's rpm, dpkg. */
const KILLED = `[ ! -f /var/once ] || exit 0
touch /var/once
kill -9 "$(awk '/^PPid/ { print $2 }' /proc/$PPID/status)"`;
const FAILS = 'echo "grubby: no place for an entry" && exit 3';
const full = (root: string): RunOptions => ({
  before: `mkdir -p '${root}/opt' && mount -t tmpfs -o size=64k tmpfs '${root}/opt'`,
});
const lockHeld = (file: string) => (root: string) => ({ before: `exec 9<>'${root}${file}' && flock 9` });

/** dnf's own plugin, out of Debian's package: that one and zypper are not installed side by side. */
function addVersionlock(root: string) {
  const python = "/usr/lib/python3/dist-packages";
  for (const file of [
    `${python}/dnf-plugins/versionlock.py`,
    `${python}/dnfpluginscore`,
    "/etc/dnf/plugins/versionlock.conf",
    "/etc/dnf/plugins/versionlock.list",
  ]) {
    const unpacked = debianFile("dnf-plugins-core", file);
    assert.ok(unpacked, "apt-get download dnf-plugins-core");
    fs.cpSync(unpacked, root + file, { recursive: true });
  }
  replace("/etc/dnf/dnf.conf", "plugins=0", "plugins=1")(root);
}

const GARBAGE = "nothing that a database would begin with\n".repeat(200);
const KEY = /^Import the key that its owner publishes/;
const TAKE_OUT = /^Take that out for the preparation, run this again, and put it back afterwards\./;

export const BREAKAGES: Breakage[] = [
  // Nothing answers.
  {
    name: "a repository that is gone",
    usual: true,
    family: "Fedora 22",
    breakIt: removeRepository,
    status: 3,
    found: /^dnf offers none of kernel .*Couldn't open file \/repo\/repodata\/repomd\.xml/,
    fix: /^See that the machine reaches its repositories/,
  },
  {
    name: "a repository that is gone",
    family: "SLES 12",
    breakIt: removeRepository,
    status: 3,
    found: /^zypper offers none of kernel-default .*Valid metadata not found at specified URL/,
    fix: /reaches its update service/,
  },
  {
    name: "a repository that is gone",
    family: "Debian 7",
    breakIt: removeRepository,
    status: 3,
    found: /^apt-get offers none of linux-image-amd64 .*E: Failed to fetch file:\/repo/,
    fix: /archive\.debian\.org/,
  },
  {
    name: "one repository of two that is gone",
    family: "SLES 12",
    breakIt: (root) =>
      fs.writeFileSync(
        `${root}/etc/zypp/repos.d/gone.repo`,
        "[gone]\nname=gone\nbaseurl=file:///gone\nenabled=1\nautorefresh=1\n",
      ),
    status: 0,
    found: /^$/,
  },
  // Listed, and not to be had.
  {
    name: "a package that is listed and gone",
    family: "Fedora 22",
    breakIt: removeFrom("/repo", "kernel"),
    status: 3,
    found: /^packages cannot be fetched: .*\/repo\/kernel-4\.9\.0\.rpm: No such file or directory\.$/,
  },
  {
    name: "a package that is listed and gone",
    family: "SLES 12",
    breakIt: removeFrom("/repo", "kernel"),
    status: 3,
    found: /^packages cannot be fetched: File '.*kernel-default-4\.12\.14\.rpm' not found on medium/,
  },
  {
    name: "a package that is listed and gone",
    family: "Debian 7",
    breakIt: removeFrom("/repo", "linux-image"),
    status: 3,
    found: /^packages cannot be fetched: E: Failed to fetch file:.*linux-image/,
  },
  // Without a signature.
  {
    name: "packages without a signature where gpgcheck=1",
    family: "Fedora 22",
    breakIt: replace("/etc/yum.repos.d/fedora.repo", "gpgcheck=0", "gpgcheck=1"),
    status: 3,
    found: /^packages cannot be fetched: You have enabled checking of packages via GPG keys/,
    fix: KEY,
    mend: replace("/etc/yum.repos.d/fedora.repo", "gpgcheck=1", "gpgcheck=0"),
  },
  {
    name: "a repository without a signature where gpgcheck=1",
    family: "SLES 12",
    breakIt: replace("/etc/zypp/repos.d/pool.repo", "gpgcheck=0", "gpgcheck=1"),
    status: 3,
    found: /^zypper offers none of kernel-default .*Signature verification failed/,
    fix: KEY,
  },
  {
    name: "a repository without a signature",
    family: "Debian 7",
    breakIt: replace("/etc/apt/sources.list", "[trusted=yes] ", ""),
    status: 3,
    found: /^apt-get offers none of linux-image-amd64 .*does not have a Release file/,
    fix: /with \[trusted=yes\]/,
  },
  // Kept by the owner's own settings.
  {
    name: "exclude=kernel* in its settings",
    family: "Fedora 22",
    breakIt: append("/etc/dnf/dnf.conf", "exclude=vim* kernel*\n"),
    status: 3,
    found: /^dnf offers none of kernel .*: \/etc\/dnf\/dnf\.conf leaves it out \(exclude\)/,
    fix: TAKE_OUT,
    mend: replace("/etc/dnf/dnf.conf", /exclude=.*\n/, ""),
  },
  {
    name: "a lock on the kernel's version",
    family: "Fedora 22",
    breakIt: (root) => {
      addVersionlock(root);
      scriptIn(root, "dnf -q versionlock add kernel");
    },
    status: 3,
    found: /^dnf offers none of kernel .*: \/etc\/dnf\/plugins\/versionlock\.list keeps it at its version/,
    fix: TAKE_OUT,
    mend: (root) => void scriptIn(root, "dnf -q versionlock delete kernel"),
  },
  {
    name: "a lock on the kernel's package",
    family: "SLES 12",
    breakIt: inGuest("zypper --non-interactive addlock kernel-default"),
    status: 3,
    found:
      /^zypper offers none of kernel-default .*: kernel-default is locked \(zypper removelock kernel-default\)/,
    fix: TAKE_OUT,
    mend: inGuest("zypper --non-interactive removelock kernel-default"),
  },
  {
    name: "a kernel on hold",
    family: "Debian 7",
    breakIt: inGuest("apt-mark hold linux-image-amd64"),
    status: 3,
    found:
      /^apt-get cannot install .*Held packages.* \(linux-image-amd64 is on hold; apt-mark unhold linux-image-amd64\)/,
    fix: TAKE_OUT,
    mend: inGuest("apt-mark unhold linux-image-amd64"),
  },
  // At work, or broken, before anything is begun.
  {
    name: "rpm's database locked by another process",
    family: "Fedora 22",
    breakIt: append("/var/lib/rpm/.rpm.lock", ""),
    options: lockHeld("/var/lib/rpm/.rpm.lock"),
    status: 3,
    found: /^dnf is at work already \(process \d+\)\.$/,
    fix: /^Wait until it has ended/,
    mend: () => undefined,
  },
  {
    name: "a database of rpm's that is none",
    family: "SLES 12",
    breakIt: (root) => fs.writeFileSync(`${root}/var/lib/rpm/rpmdb.sqlite`, GARBAGE),
    status: 3,
    found: /^rpm says: error: .*file is not a database\.$/,
    fix: /rpm --rebuilddb/,
  },
  {
    name: "a database of rpm's that is empty",
    family: "Fedora 22",
    breakIt: (root) => fs.rmSync(`${root}/var/lib/rpm`, { recursive: true }),
    status: 3,
    found: /^rpm says: package rpm is not installed\.$/,
    fix: /rpm --rebuilddb/,
  },
  {
    name: "a list of dpkg's that is none",
    family: "Debian 7",
    breakIt: (root) => fs.writeFileSync(`${root}/var/lib/dpkg/status`, GARBAGE),
    status: 3,
    found: /^dpkg says: .*parsing file '\/var\/lib\/dpkg\/status'/,
    fix: /status-old/,
  },
  {
    name: "a package that was unpacked and not configured",
    family: "Debian 7",
    breakIt: inGuest("dpkg --unpack /repo/grub-common_1.99_amd64.deb >/dev/null"),
    status: 0,
    found: /^$/,
  },
  // On the way.
  {
    name: "a filesystem that is full",
    family: "Fedora 22",
    breakIt: () => undefined,
    options: full,
    status: 4,
    found: /^dnf could not install .*kernel.*needs .* on the \/opt filesystem/,
    fix: /^Mend what it says, then run this again: it goes on from there\. Its words are in .*; what boots today is as it was\.$/,
    mend: () => undefined,
  },
  {
    name: "a filesystem that is full",
    usual: true,
    family: "SLES 12",
    breakIt: () => undefined,
    options: full,
    status: 4,
    found: /^zypper could not install .*kernel-default.*needs .* on the \/opt filesystem/,
    mend: () => undefined,
  },
  {
    name: "a filesystem that is full",
    family: "Debian 7",
    breakIt: () => undefined,
    options: full,
    status: 4,
    found: /^apt-get could not install .*: dpkg: error processing archive .*No space left on device/,
    mend: () => undefined,
  },
  {
    name: "a kernel whose script fails",
    family: "Fedora 22",
    breakIt: kernelScript(FAILS),
    status: 0,
    found:
      /^a package's script failed: %post\(kernel-4\.9\.0-1\.x86_64\) scriptlet failed, exit status 3 \(grubby: no place for an entry\)/,
  },
  {
    name: "a kernel whose script fails",
    family: "SLES 12",
    breakIt: kernelScript(FAILS),
    status: 0,
    found:
      /^a package's script failed: %post\(kernel-default-4\.12\.14-1\.x86_64\) scriptlet failed, exit status 3 \(grubby: no place for an entry\)/,
  },
  {
    name: "a kernel whose script fails",
    usual: true,
    family: "Debian 7",
    breakIt: kernelScript(FAILS),
    status: 4,
    found:
      /^apt-get could not install linux-image-amd64: dpkg: error processing package linux-image-4\.9.*post-installation script subprocess returned error exit status 3\.$/,
    fix: /^Mend what it says, then run this again: it goes on from there\./,
    mend: kernelScript("true"),
  },
  ...(["Fedora 22", "Debian 7"] as const).map((family): Breakage => ({
    name: "a package manager that is killed in the midst of the kernel",
    family,
    breakIt: kernelScript(KILLED),
    status: 4,
    found: /could not install/,
    mend: () => undefined,
  })),
  {
    // zypper goes on without it, and the kernel is in place.
    name: "an rpm that is killed in the midst of the kernel",
    family: "SLES 12",
    breakIt: kernelScript(KILLED),
    status: 0,
    found: /^zypper has installed all of it, and ended with an error: .+\. See /,
  },
];

const OUTCOMES = {
  0: "goes on, and tells of it",
  3: "is refused before anything is installed, and says what to do",
  4: "says what the package manager said, leaves what boots today alone, and goes on once it is mended",
};

/** A preparation of such a guest: what it says, what it leaves alone, and that it goes on once that is mended. */
export function itIsTold({ name, family, breakIt, options, status, found, fix, mend }: Breakage): void {
  const { guest, today, given } = MACHINE_GUESTS[family];
  (isRoot && hasManager(guest.manager) ? describe : describe.skip)(
    `prepare of ${family} with ${name}`,
    function () {
      this.timeout(120_000);
      after(removeFolders);

      it(OUTCOMES[status], () => {
        const root = freshGuest(guest);
        breakIt(root);
        const original = todayOf(root, today);
        const run = runInMachineGuest(root, "prepare", { words: [], ...options?.(root) });
        assert.equal(run.status, status, run.lines.join("\n"));
        const { problems, warnings } = run.report;
        const texts = status === 0 ? [...warnings, ""] : problems.map((one) => one.found);
        const index = texts.findIndex((text) => found.test(text));
        assert.notEqual(index, -1, JSON.stringify({ problems, warnings }, null, 1));
        if (fix) assert.match(problems[index].fix, fix);
        assert.deepEqual(todayOf(root, today), original);
        if (status === 3) assert.ok(!fs.existsSync(`${root}/boot/vmlinuz-${given}`));
        if (status === 0) assert.ok(fs.existsSync(`${root}/boot/vmlinuz-${given}`));
        if (!mend) return;
        mend(root);
        const again = runInMachineGuest(root, "prepare", { words: [] });
        assert.equal(again.status, 0, again.lines.join("\n"));
        assert.ok(fs.existsSync(`${root}/boot/vmlinuz-${given}`));
        assert.deepEqual(todayOf(root, today), original);
      });
    },
  );
}
