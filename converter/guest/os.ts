import type { Architecture, GuestFacts } from "../types";
import { bufferSource } from "./initramfs/byteSource";
import { isElf, readElf } from "./kernel/elf";
import { programPath } from "./initramfs/generators/detect";
import type { GuestTree } from "./tree";

/** Where a system before os-release says its name in the first line, in the order of asking; live/guest/distribution.sh has the same. */
const RELEASE_FILES = ["/etc/system-release", "/etc/redhat-release", "/etc/SuSE-release", "/etc/issue"];

/** Which system it is: os-release, else Ubuntu's, Debian's, Red Hat's and SUSE's own files, else the first line of /etc/issue. */
export function readOs(tree: GuestTree): GuestFacts["os"] {
  const release = tree.read("/etc/os-release") ?? tree.read("/usr/lib/os-release");
  if (release !== undefined) return parseOsRelease(release);
  const debian = tree.read("/etc/debian_version")?.trim();
  const lsb = tree.read("/etc/lsb-release");
  if (lsb !== undefined && /^DISTRIB_ID=/m.test(lsb)) return parseLsbRelease(lsb);
  if (debian !== undefined) return { id: "debian", version: debian, name: `Debian GNU/Linux ${debian}` };
  const text = RELEASE_FILES.map((path) => tree.read(path)).find((one) => one !== undefined) ?? "";
  const line = text.split("\n")[0].trim();
  const name = line.replace(/\s*\\.*$/, "");
  return {
    id: name.split(" ")[0].toLowerCase() || "unknown",
    version: /\d[\d.]*/.exec(name)?.[0] ?? "",
    name: name || "unknown",
  };
}

function parseOsRelease(text: string): GuestFacts["os"] {
  const value = (key: string) => shellValue(text, key);
  const id = value("ID") ?? "linux";
  return { id, version: value("VERSION_ID") ?? "", name: value("PRETTY_NAME") ?? value("NAME") ?? id };
}

/** Ubuntu before 12.04 has no os-release. */
function parseLsbRelease(text: string): GuestFacts["os"] {
  const id = shellValue(text, "DISTRIB_ID") ?? "linux";
  return {
    id: id.toLowerCase(),
    version: shellValue(text, "DISTRIB_RELEASE") ?? "",
    name: shellValue(text, "DISTRIB_DESCRIPTION") ?? id,
  };
}

function shellValue(text: string, key: string): string | undefined {
  return new RegExp(`^${key}=["']?(.*?)["']?\\s*$`, "m").exec(text)?.[1];
}

/** What runs as process 1, by where its program or its link leads. */
export function readInit(tree: GuestTree): GuestFacts["init"] {
  if (/systemd$/.test(tree.resolve("/sbin/init"))) return "systemd";
  if (tree.exists("/sbin/initctl") && tree.list("/etc/init").length > 0) return "upstart";
  return tree.exists("/etc/inittab") ? "sysvinit" : "unknown";
}

/** The architecture of the guest's programs, by its init. */
export function readUserlandArchitecture(tree: GuestTree): Architecture | undefined {
  for (const path of ["/sbin/init", "/bin/sh", "/bin/ls"]) {
    const program = bufferSource(tree.readBytes(path) ?? Buffer.alloc(0));
    const machine = isElf(program) ? readElf(program).machine : "other";
    if (machine !== "other") return machine;
  }
  return undefined;
}

const PACKAGE_MANAGERS = ["dpkg", "rpm", "pacman", "emerge"];

export function readPackageManager(tree: GuestTree): string | undefined {
  return PACKAGE_MANAGERS.find((name) => programPath(tree, name) !== undefined);
}
