/**
 * Whether a guest configures its first network card by DHCP when it boots, and which file says so. Only what is certain
 * counts: a rehearsal fails where an address was promised and not asked for.
 */
import type { GuestTree } from "../guest/tree";

export type Files = Pick<GuestTree, "read" | "list" | "hasName">;

/** The file that has eth0 ask for an address; `undefined` where none is sure to. */
export function fileWithDhcp(files: Files): string | undefined {
  return FAMILIES.map((family) => family(files)).find((path) => path !== undefined);
}

const FAMILIES: ((files: Files) => string | undefined)[] = [
  debian,
  redHat,
  suse,
  netplan,
  networkd,
  gentoo,
  arch,
];

function below(files: Files, folder: string): string[] {
  return files
    .list(folder)
    .sort()
    .map((name) => `${folder}/${name}`);
}

function firstOf(files: Files, paths: string[], says: (text: string) => boolean): string | undefined {
  return paths.find((path) => says(files.read(path) ?? ""));
}

/** ifupdown: brought up at boot (`auto`, `allow-hotplug`), and by DHCP; the two lines may lie in different files. */
function debian(files: Files): string | undefined {
  const paths = ["/etc/network/interfaces", ...below(files, "/etc/network/interfaces.d")];
  const isUp = paths.some((path) =>
    /^\s*(?:auto|allow-auto|allow-hotplug)\b.*\beth0\b/m.test(files.read(path) ?? ""),
  );
  return isUp ? firstOf(files, paths, (text) => /^\s*iface\s+eth0\s+inet\s+dhcp\b/m.test(text)) : undefined;
}

/** Amazon Linux, Red Hat, CentOS, Fedora. Without ONBOOT the card is brought up. */
function redHat(files: Files): string | undefined {
  return firstOf(files, ["/etc/sysconfig/network-scripts/ifcfg-eth0"], (text) => {
    const value = valuesIn(text);
    return /^(?:dhcp|bootp)$/i.test(value("BOOTPROTO") ?? "") && !/^no$/i.test(value("ONBOOT") ?? "yes");
  });
}

/** `dhcp`, `dhcp4`, `dhcp+autoip`. STARTMODE `manual` and `off` are not brought up. */
function suse(files: Files): string | undefined {
  return firstOf(files, ["/etc/sysconfig/network/ifcfg-eth0"], (text) => {
    const value = valuesIn(text);
    const isUp = /^(?:auto|onboot|on|boot|hotplug|ifplugd|nfsroot)$/i.test(value("STARTMODE") ?? "");
    return isUp && /^dhcp(?:4|\+|$)/i.test(value("BOOTPROTO") ?? "");
  });
}

/** The values of a file of shell assignments; the last one of a name counts. */
function valuesIn(text: string): (name: string) => string | undefined {
  const lines = text.split("\n").map((line) => /^\s*(\w+)=["']?([^"'#]*?)["']?\s*(?:#.*)?$/.exec(line));
  return (name) => lines.filter((line) => line?.[1] === name).at(-1)?.[2];
}

/** Not where cards are found by the source's MAC address, as cloud-init writes it: it writes the file anew. */
function netplan(files: Files): string | undefined {
  return firstOf(
    files,
    below(files, "/etc/netplan"),
    (text) =>
      /^\s*(?:eth0|all-?en|default):/m.test(text) &&
      /^\s*dhcp4:\s*(?:true|yes|on)\b/m.test(text) &&
      !/^\s*macaddress:/m.test(text),
  );
}

/** Names that eth0 is among. Networks are looked at in the order of their names, and the first that fits is taken. */
function networkd(files: Files): string | undefined {
  const isRun = files.hasName("/etc/systemd/system/multi-user.target.wants/systemd-networkd.service");
  if (!isRun) return undefined;
  const paths = below(files, "/etc/systemd/network").filter((path) => path.endsWith(".network"));
  const first = firstOf(files, paths, (text) => /^Name=(?:.*\s)?(?:eth0|eth\*|e\*|\*)(?:\s|$)/m.test(text));
  return first !== undefined && /^DHCP=(?:yes|true|both|v4|ipv4)\b/m.test(files.read(first) ?? "")
    ? first
    : undefined;
}

/** netrc's own script, or dhcpcd as a service. */
function gentoo(files: Files): string | undefined {
  const runs = (service: string) =>
    ["default", "boot"].some((level) => files.hasName(`/etc/runlevels/${level}/${service}`));
  if (runs("dhcpcd")) return "/etc/runlevels/default/dhcpcd";
  if (!runs("net.eth0")) return undefined;
  const text = files.read("/etc/conf.d/net") ?? "";
  const configured = /^\s*config_eth0=(.*)/m.exec(text);
  // Without a line for the card, netifrc asks by DHCP.
  return configured === null || /dhcp/.test(configured[1]) ? "/etc/conf.d/net" : undefined;
}

const ARCH_SERVICES = ["dhcpcd.service", "dhcpcd@eth0.service"].map(
  (name) => `/etc/systemd/system/multi-user.target.wants/${name}`,
);

function arch(files: Files): string | undefined {
  return ARCH_SERVICES.find((path) => files.hasName(path));
}
