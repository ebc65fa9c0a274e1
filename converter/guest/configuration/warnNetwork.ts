import type { Advice } from "../../types";
import { isSuseName } from "./macAddresses";
import type { Read } from "../planEdits";

/** Where udev and systemd name cards, besides the files that are removed. */
export const NAMING_FOLDERS = ["/etc/udev/rules.d", "/etc/systemd/network", "/etc/netplan"];

const MAC = String.raw`(?:[0-9a-f]{2}:){5}[0-9a-f]{2}`;

/** Files that bind a card to its MAC address in a way that is left to their owner. */
const BINDINGS: { path: RegExp; text: RegExp; what: string }[] = [
  {
    path: /^\/etc\/udev\/rules\.d\/(?!70-persistent-net\.rules$|30-net_persistent_names\.rules$|z25_persistent-net\.rules$).*\.rules$/,
    text: new RegExp(String.raw`^[^#\n]*(?:ATTRS?|SYSFS)\{address\}==["']?${MAC}`, "im"),
    what: "a udev rule names a card",
  },
  {
    path: /^\/etc\/systemd\/network\/.*\.link$/,
    text: new RegExp(String.raw`^\s*(?:Permanent)?MACAddress=\s*${MAC}`, "im"),
    what: "a .link file names a card",
  },
  {
    // cloud-init writes its own file anew on each instance.
    path: /^\/etc\/netplan\/(?!50-cloud-init\.yaml$).*\.yaml$/,
    text: new RegExp(String.raw`^\s*macaddress:\s*["']?${MAC}`, "im"),
    what: "netplan configures a card",
  },
];

/** Cards that are known by the source's MAC address, in files that no edit touches. */
export function warnNetwork(files: string[], read: Read): Advice[] {
  const bound = files.flatMap((path) => {
    const binding = BINDINGS.find((one) => one.path.test(path) && one.text.test(read(path) ?? ""));
    return binding
      ? [adviceOn(path, `${binding.what} by its MAC address, which no other instance has.`)]
      : [];
  });
  return [...bound, ...warnSuseNames(files, read)];
}

function adviceOn(path: string, found: string): Advice {
  const advice =
    "Name it by something else in the source (its driver, or eth0), or take the file away there.";
  return { subject: path, found, advice };
}

/** More than one card, or an ifcfg-eth0 besides: which is meant cannot be told. */
function warnSuseNames(files: string[], read: Read): Advice[] {
  const byAddress = files.filter(isSuseName);
  if (byAddress.length === 0) return [];
  if (byAddress.length === 1 && read("/etc/sysconfig/network/ifcfg-eth0") === undefined) return [];
  return byAddress.map((path) => ({
    subject: path,
    found: "it is for a card by its MAC address, which no other instance has.",
    advice: "Write /etc/sysconfig/network/ifcfg-eth0 in the source for the card that EC2 gives it.",
  }));
}
