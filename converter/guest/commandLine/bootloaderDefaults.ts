/** `/etc/sysconfig/bootloader` of SLES 11: perl-Bootloader takes the command lines of a new kernel's entries from it. */
import type { Edited } from "../edit";
import type { MenuTarget } from "../menu/menuTarget";
import { editAssignments } from "./assignments";
import { changeParameters } from "./changes";
import { serialConsole } from "./consoles";
import { nameDevices } from "./devices";

const WHY = {
  console: "console=tty1 console=ttyS0: YaST writes new entries from here",
  devices: "devices by UUID: YaST writes new entries from here",
};

/** The whole command line of an entry each. XEN_KERNEL_APPEND serves kernel-xen's entries alone, which stay as they are. */
const WHOLE_LINES = ["DEFAULT_APPEND", "FAILSAFE_APPEND"];

/** The variables with a whole command line get what an entry gets. */
export function editBootloaderDefaults(text: string, target: MenuTarget): Edited {
  return editAssignments(text, ({ name, value }, reasons) => {
    if (!WHOLE_LINES.includes(name)) return value;
    const named = nameDevices(value, (device, word) => target.nameDevice(device, word));
    const consoled = serialConsole(reasons.note(value, named, WHY.devices));
    return changeParameters(reasons.note(named, consoled, WHY.console), target.changes(), reasons);
  });
}
