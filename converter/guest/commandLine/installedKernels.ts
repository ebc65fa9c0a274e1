/** `/etc/kernel/cmdline`: kernel-install (systemd) writes a new kernel's entry with it. */
import { Reasons, type Edited } from "../edit";
import type { MenuTarget } from "../menu/menuTarget";
import { changeParameters } from "./changes";
import { serialConsole } from "./consoles";
import { nameDevices } from "./devices";

const WHY = {
  console: "console=tty1 console=ttyS0: kernel-install writes new entries from here",
  devices: "devices by UUID: kernel-install writes new entries from here",
};

/** The whole command line of an entry, on one line or more. */
export function editInstalledKernels(text: string, target: MenuTarget): Edited {
  const reasons = new Reasons();
  const end = /\s*$/.exec(text)?.[0] ?? "";
  const line = text.slice(0, text.length - end.length);
  if (line === "") return { text, why: [] };
  const named = nameDevices(line, (device, word) => target.nameDevice(device, word));
  const consoled = serialConsole(reasons.note(line, named, WHY.devices));
  const changed = changeParameters(reasons.note(named, consoled, WHY.console), target.changes(), reasons);
  return { text: changed + end, why: reasons.list() };
}
