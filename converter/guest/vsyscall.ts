/**
 * Old programs on a new kernel. Until glibc 2.15, 64-bit programs call a page at a fixed address, vsyscall, for the time;
 * kernels made with CONFIG_LEGACY_VSYSCALL_NONE (Debian's since 9) have none, and such programs end with signal 11.
 */
import * as fs from "node:fs";
import type { Advice, Facts, GuestFacts, InitramfsPlan } from "../types";
import { bufferSource } from "./initramfs/byteSource";
import { isElf, readElf } from "./kernel/elf";
import { compareVersions } from "./kernel/kernelVersion";
import type { GuestTree } from "./tree";

/** Where 64-bit guests keep their C library: Red Hat, Debian with multiarch, Debian before. */
const LIBRARY_FOLDERS = ["/lib64", "/lib/x86_64-linux-gnu", "/lib"];
/** The first that asks the vDSO in place of the vsyscall page. */
const FIRST_WITHOUT = "2.15";

/** Version of the guest's 64-bit C library, by the name of its file; `undefined` if there is none with a version. */
export function readGlibc(tree: GuestTree): string | undefined {
  for (const folder of LIBRARY_FOLDERS) {
    for (const name of tree.list(folder)) {
      const version = /^libc-(\d+\.\d+[.\d]*)\.so$/.exec(name)?.[1];
      if (version === undefined) continue;
      const library = bufferSource(tree.readBytes(`${folder}/${name}`) ?? Buffer.alloc(0));
      if (isElf(library) && readElf(library).machine === "x86_64") return version;
    }
  }
  return undefined;
}

/** Whether this machine's kernel gives its programs the page. */
export function hasVsyscall(maps = fs.readFileSync("/proc/self/maps", "utf8")): boolean {
  return maps.includes("[vsyscall]");
}

/** Why the guest's own programs cannot rebuild what is to be rebuilt; empty if they can, or nothing is to be. */
export function refusePrograms(
  { glibc }: Pick<GuestFacts, "glibc">,
  helper: Facts["helper"],
  initramfs: InitramfsPlan[],
): Advice[] {
  const rebuilt = initramfs.filter(({ action }) => action === "rebuild");
  const needsPage = glibc !== undefined && compareVersions(glibc, FIRST_WITHOUT) < 0;
  if (rebuilt.length === 0 || !needsPage || helper?.vsyscall !== false) return [];
  const [{ command, tool, missing }] = rebuilt;
  const found = `its kernel has no vsyscall page, without which the guest's ${command?.[0] ?? tool} (glibc ${glibc}, before ${FIRST_WITHOUT}) ends at once: no initramfs can get ${missing.join(", ")}.`;
  const advice =
    "Boot the helper with vsyscall=emulate on its kernel's command line (an image of your own; with Pulumi, " +
    "helper.imageId), or rebuild the initramfs in the source.";
  return [{ subject: "helper", found, advice }];
}
