import type { FileEdit } from "../../types";
import { appendLine, fileEdit, fileRemoval, Reasons, splitLineEnd, splitLines, type Edited } from "../edit";
import type { Read } from "../planEdits";

const WHY = {
  binding: "no MAC address: each instance has one of its own, and the card would not be brought up",
  override: "no MAC address of the source: EC2's network passes that of the instance's own card alone",
  uuid: "UUID= goes with it: NetworkManager's name for the connection to the old card",
  device: "DEVICE= in its place: the card's name alone says which it is",
  name: "Name=e* in its place: without it the section would mean every interface",
  suse: "the file is named by the source's MAC address: ifcfg-eth0 is read on every instance",
};

/** Folders with files of the network that may be bound to a card by its MAC address. */
export const NETWORK_FOLDERS = [
  "/etc/sysconfig/network-scripts",
  "/etc/sysconfig/network",
  "/etc/network/interfaces.d",
  "/etc/NetworkManager/system-connections",
  "/etc/systemd/network",
];
export const NETWORK_FILES = ["/etc/network/interfaces", "/etc/conf.d/net"];

/** An editor for each kind of file, by its path. */
const EDITORS: { path: RegExp; edit: (text: string, path: string) => Edited }[] = [
  // Red Hat's scripts pass over backups of these endings.
  {
    path: /^\/etc\/sysconfig\/network(?:-scripts)?\/ifcfg-(?!lo$)[^~]*(?<!\.(?:bak|orig|old|rpmnew|rpmorig|rpmsave))$/,
    edit: editIfcfg,
  },
  { path: /^\/etc\/network\/interfaces(?:\.d\/[^/]+)?$/, edit: editInterfaces },
  { path: /^\/etc\/NetworkManager\/system-connections\/[^/]+$/, edit: editKeyfile },
  { path: /^\/etc\/systemd\/network\/[^/]+\.network$/, edit: editNetwork },
  { path: /^\/etc\/conf\.d\/net$/, edit: editGentooNet },
];

/** Edits that let go of the source's network card. `files`: those that exist in the guest. */
export function planMacAddresses(files: string[], read: Read): FileEdit[] {
  const suse = planSuseName(files, read);
  const taken = suse.map(({ path }) => path);
  const edits = files
    .filter((path) => !taken.includes(path))
    .map((path) => {
      const editor = EDITORS.find((one) => one.path.test(path));
      const text = editor && read(path);
      return text === undefined ? undefined : fileEdit(path, text, editor?.edit(text, path) as Edited);
    });
  return [...suse, ...edits.filter((edit) => edit !== undefined)];
}

/** Red Hat's and SUSE's ifcfg files. The file itself stays: without it there is no network (SLES 12 SP2). */
export function editIfcfg(text: string, path: string): Edited {
  // A bridge or a bond has the MAC address that it was given, and no card's.
  if (/^\s*TYPE=["']?(?:bridge|bond|team|vlan|ovs)/im.test(text)) return { text, why: [] };
  const reasons = new Reasons();
  const bound = /^\s*(?:HWADDR|MACADDR|LLADDR)=./m.test(text);
  let edited = withoutLines(text, /^\s*HWADDR=/, WHY.binding, reasons);
  edited = withoutLines(edited, /^\s*(?:MACADDR|LLADDR)=/, WHY.override, reasons);
  if (bound) edited = withoutLines(edited, /^\s*UUID=/, WHY.uuid, reasons);
  const card = /ifcfg-((?:eth|en|em)\w+)$/.exec(path)?.[1];
  if (bound && card !== undefined && path.includes("network-scripts") && !/^\s*DEVICE=/m.test(edited))
    edited = reasons.note(edited, appendLine(edited, `DEVICE=${card}`), WHY.device);
  return { text: edited, why: reasons.list() };
}

/** ifupdown: `hwaddress ether …` sets the card's address. */
export function editInterfaces(text: string): Edited {
  const reasons = new Reasons();
  const edited = withoutLines(text, /^\s*hwaddress\s/, WHY.override, reasons);
  return { text: edited, why: reasons.list() };
}

/** NetworkManager's keyfiles, which it reads with mode 600 alone: the mode stays. */
export function editKeyfile(text: string): Edited {
  const reasons = new Reasons();
  const bound = withoutLines(text, /^mac-address=/, WHY.binding, reasons);
  const edited = withoutLines(bound, /^cloned-mac-address=(?:[0-9a-f]{2}:){5}/i, WHY.override, reasons);
  return { text: edited, why: reasons.list() };
}

/** systemd-networkd's .network files. */
export function editNetwork(text: string): Edited {
  const reasons = new Reasons();
  // The [Match] section alone: [Link] has a MACAddress= of another meaning, which is an override.
  const matched = text.replace(
    /^(\[Match\][^\n]*\n)((?:(?!\[)[^\n]*(?:\n|$))*)/gm,
    (_, head: string, body: string) => head + editMatch(body, reasons),
  );
  const edited = withoutLines(matched, /^\s*MACAddress=/, WHY.override, reasons);
  return { text: edited, why: reasons.list() };
}

function editMatch(body: string, reasons: Reasons): string {
  const pattern = /^\s*(?:Permanent)?MACAddress=/;
  const lines = splitLines(body);
  const at = lines.findIndex((line) => pattern.test(line));
  if (at < 0) return body;
  const hasOther = lines.some((line) => /^\s*(?:Name|OriginalName|Driver|Path|Type)=/.test(line));
  if (hasOther) return withoutLines(body, pattern, WHY.binding, reasons);
  const lineEnd = splitLineEnd(lines[at])[1];
  reasons.note(body, "", WHY.name);
  return lines
    .flatMap((line, index) => (index === at ? [`Name=e*${lineEnd}`] : pattern.test(line) ? [] : [line]))
    .join("");
}

/** Gentoo: `mac_eth0="00:11:…"` sets the card's address. */
export function editGentooNet(text: string): Edited {
  const reasons = new Reasons();
  const edited = withoutLines(text, /^\s*mac_\w+=["']?[0-9a-f]{2}:/i, WHY.override, reasons);
  return { text: edited, why: reasons.list() };
}

const SUSE_FOLDER = "/etc/sysconfig/network";

/** SUSE 10 names the file by the card: ifcfg-eth-id-<MAC>. With one card there is no doubt which becomes eth0. */
function planSuseName(files: string[], read: Read): FileEdit[] {
  const byAddress = files.filter((path) => isSuseName(path));
  const target = `${SUSE_FOLDER}/ifcfg-eth0`;
  const text = read(byAddress[0] ?? "");
  if (byAddress.length !== 1 || text === undefined || read(target) !== undefined) return [];
  const edited = editIfcfg(text, target).text;
  const made = fileEdit(target, undefined, { text: edited, why: [WHY.suse] });
  return [made, fileRemoval(byAddress[0], WHY.suse, text)].filter((edit) => edit !== undefined);
}

/** Whether it is one of SUSE's files that are named by a card's MAC address. */
export function isSuseName(path: string): boolean {
  return /^\/etc\/sysconfig\/network\/ifcfg-eth-id-(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(path);
}

function withoutLines(text: string, pattern: RegExp, why: string, reasons: Reasons): string {
  const kept = splitLines(text).filter((line) => !pattern.test(line));
  return reasons.note(text, kept.join(""), why);
}
