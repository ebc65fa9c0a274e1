/** What a preparation refuses: in a sentence with what was found, what was needed and what to do, before anything is written. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { isRoot, removeFolders } from "../converter/disk/images";
import { debianKernel } from "../converter/families/kernelsOfFamilies";
import { CENTOS_5, SLES_11, UBUNTU_10_04 } from "./familiesToPrepare";
import { makeOldGuest, manifestOf, type OldGuest, runIn, type RunOptions } from "./oldGuest";
import { callsOf, write, writeScript } from "./standIns";

interface Case {
  name: string;
  guest?: OldGuest;
  touch?: (root: string) => void;
  options?: (root: string) => RunOptions;
  found: RegExp;
  needed: RegExp;
  fix: RegExp;
}

const remove =
  (...names: string[]) =>
  (root: string) =>
    names.forEach((name) => fs.rmSync(root + name));
const UBUNTU_8_04: OldGuest = {
  ...UBUNTU_10_04,
  texts: {
    ...UBUNTU_10_04.texts,
    "/etc/lsb-release": 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=8.04\nDISTRIB_DESCRIPTION="Ubuntu 8.04.4 LTS"\n',
  },
};

const CASES: Case[] = [
  {
    name: "no package manager",
    touch: remove("/usr/bin/apt-get"),
    found: /^no package manager that is known here/,
    needed: /^one of them, to install GRUB and kernel\.$/,
    fix: /^Install it by hand/,
  },
  ...["emerge", "pacman"].map((manager) => ({
    name: manager,
    touch: (root: string) => {
      fs.rmSync(`${root}/usr/bin/apt-get`);
      writeScript(root, `/usr/bin/${manager}`, "");
    },
    found: new RegExp(`^the package manager is ${manager}\\.$`),
    needed: /^one that/,
    fix: /kernel|pacman -Syu/,
  })),
  {
    name: "dpkg's lock held by another",
    touch: (root) => write(root, "/var/lib/dpkg/lock", ""),
    options: (root) => ({ before: `exec 9<"${root}/var/lib/dpkg/lock" && flock 9` }),
    found: /^apt-get is at work already \(process \d+\)\.$/,
    needed: /^it alone\.$/,
    fix: /^Wait until it has ended/,
  },
  {
    name: "yum at work",
    guest: CENTOS_5,
    options: (root) => ({ before: `mkdir -p '${root}/var/run' && echo 1 > '${root}/var/run/yum.pid'` }),
    touch: (root) => write(root, "/var/run/yum.pid", "1\n"),
    found: /^yum is at work already \(process 1\)\.$/,
    needed: /^it alone\.$/,
    fix: /^Wait until it has ended/,
  },
  {
    name: "a database of rpm's that cannot be read",
    guest: SLES_11,
    touch: (root) => write(root, "/var/lib/rpm/damaged", ""),
    found: /^rpm says: error: db4 error.*: DB_RUNRECOVERY: Fatal error, run database recovery\.$/,
    needed: /^packages that are whole\.$/,
    fix: /rpm --rebuilddb/,
  },
  {
    name: "a root that is mounted read-only",
    options: (root) => ({
      before: `mount -o remount,bind,ro '${root}' && mount -t tmpfs tmpfs '${root}/run'`,
    }),
    found: /^\/ is on a filesystem that is mounted read-only\.$/,
    needed: /^one that can be written\.$/,
    fix: /dmesg/,
  },
  {
    name: "a root without room for the packages",
    touch: (root) => write(root, "/repo/size", "9000000000"),
    found: /^\/: \d+ MiB free\.$/,
    needed: /^8789\d\d\d MiB\.$/,
    fix: /^Remove what is not needed/,
  },
  {
    name: "a /boot without room for a kernel",
    options: (root) => ({
      before: `mkdir '${root}/keep' && cp -a '${root}/boot/.' '${root}/keep/' && mount -t tmpfs -o size=8m tmpfs '${root}/boot' && cp -a '${root}/keep/.' '${root}/boot/' && mkdir '${root}/boot/boot' && cp -a '${root}/keep/.' '${root}/boot/boot/' && cp -a '${root}/keep/grub' '${root}/boot/' && rm -rf '${root}/keep'`,
    }),
    found: /^\/boot: \d MiB free\.$/,
    needed: /^110 MiB\.$/,
    fix: /^Remove what is not needed/,
  },
  {
    name: "repositories that are gone",
    touch: (root) => {
      write(root, "/repo/unreachable", "");
      for (const name of Object.keys(UBUNTU_10_04.packages))
        fs.rmSync(`${root}/repo/${name}`, { recursive: true });
    },
    found: /^apt-get offers none of .* that is not installed \(E: Failed to fetch .*404 Not Found\)\.$/,
    needed: /^GRUB\.$/,
    fix: /old-releases\.ubuntu\.com/,
  },
  {
    name: "packages that do not fit each other",
    touch: (root) => write(root, "/repo/conflict", ""),
    found: /^apt-get cannot install .*held broken packages/,
    needed: /^packages that fit each other\.$/,
    fix: /^Mend what it says/,
  },
  {
    name: "packages that are listed and gone",
    touch: (root) => write(root, "/repo/gone", ""),
    found: /^packages cannot be fetched: E: Failed to fetch/,
    needed: /from its repositories\.$/,
    fix: /old-releases\.ubuntu\.com/,
  },
  {
    name: "a release without any kernel for HVM",
    guest: UBUNTU_8_04,
    found: /^Ubuntu 8\.04\.4 LTS has no package that gives a kernel/,
    needed: /^a kernel that boots as HVM on xen\.$/,
    fix: /^Copy what runs on this machine to a later release\.$/,
  },
  {
    name: "a kernel whose drivers for Nitro no package brings",
    guest: {
      ...UBUNTU_10_04,
      kernels: [debianKernel("2.6.32-305-ec2")],
      packages: { "grub-pc-bin": {}, "grub-common": {} },
    },
    options: () => ({ words: [] }),
    found: /^apt-get offers none of linux-image-virtual-lts-backport-maverick/,
    needed: /^a kernel that boots as HVM on xen and nitro\.$/,
    fix: /--for/,
  },
  {
    name: "no menu at all",
    touch: remove("/boot/grub/menu.lst"),
    found: /^PV-GRUB would find no menu: there is no menu\.lst\.$/,
    needed: /^\/boot\/grub\/menu\.lst/,
    fix: /AKI/,
  },
];

(isRoot ? describe : describe.skip)("prepare refuses", function () {
  this.timeout(60_000);
  after(removeFolders);

  for (const { name, guest = UBUNTU_10_04, touch, options, found, needed, fix } of CASES)
    it(`${name}, and writes nothing`, () => {
      const root = makeOldGuest(guest);
      touch?.(root);
      const original = manifestOf(root);
      const { status, report, lines } = runIn(root, "prepare", options?.(root));
      assert.equal(status, 3, lines.join("\n"));
      assert.equal(lines.at(-1), `REFUSED: ${report.summary}`);
      const problem = report.problems.find((one) => found.test(one.found));
      assert.ok(problem, JSON.stringify(report.problems));
      assert.match(problem.needed, needed);
      assert.match(problem.fix, fix);
      assert.deepEqual(manifestOf(root), original);
      assert.ok(!callsOf(root).includes("installed without being asked"));
      assert.ok(
        !callsOf(root).some((call) => / -y .*install/.test(call) && !/--simulate|--download-only/.test(call)),
      );
    });
});
