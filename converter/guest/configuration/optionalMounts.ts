import type { GuestFacts } from "../../types";
import type { OptionalWord } from "./fstab";
import type { GuestTree } from "../tree";

/** mount(8), and the library that it hands its work to from util-linux 2.19 on. */
const MOUNT_PROGRAMS = ["/bin/mount", "/usr/bin/mount"];
const LIBRARY_FOLDERS = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"];
const TUPLES = ["x86_64-linux-gnu", "i386-linux-gnu"];

/**
 * Whether the guest's mount(8) takes `nofail`: the word is in the program or in its library. Red Hat 5's and Ubuntu 8.04's
 * hand it on to the filesystem, which then refuses to be mounted. `undefined` if there is no mount to look at.
 */
export function mountKnowsNofail(tree: GuestTree): boolean | undefined {
  const folders = [...LIBRARY_FOLDERS, ...TUPLES.flatMap((tuple) => [`/lib/${tuple}`, `/usr/lib/${tuple}`])];
  const files = [...MOUNT_PROGRAMS, ...folders.map((folder) => `${folder}/libmount.so.1`)];
  const found = files.flatMap((path) => tree.readBytes(path) ?? []);
  return found.length === 0 ? undefined : found.some((bytes) => bytes.includes("nofail"));
}

/** The word by which the guest's boot is told to go on without a disk. */
export function optionalWord(guest: GuestFacts): OptionalWord | undefined {
  // mountall comes with upstart on Ubuntu; Red Hat 6's upstart mounts by mount(8).
  if (guest.init === "upstart" && guest.packageManager === "dpkg") return "nobootwait";
  return guest.mountKnowsNofail === false ? undefined : "nofail";
}
