/** Small files from which Red Hat's and SUSE's tools write entries, or tell what GRUB's devices are. */
import { Reasons, splitLineEnd, splitLines, type Edited } from "../edit";
import { nameDevices, serialConsole } from "./kernelArguments";
import { changeParameters } from "./kernelParameters";
import type { MenuTarget } from "./menuTarget";

const WHY = {
  console: "console=tty1 console=ttyS0: YaST writes new entries from here",
  devices: "devices by UUID: YaST writes new entries from here",
  map: "the disk instead of its partition: (hd0) is a whole disk from now on",
  kernel:
    "DEFAULTKERNEL=kernel: kernel-xen cannot boot as HVM, and an update would make it the default again",
};

/** SUSE's variables with a command line: perl-Bootloader takes them for the entries of a new kernel. */
const APPEND = /^((?:DEFAULT|FAILSAFE)_APPEND=)(["']?)(.*?)\2(\s*)$/;

/** `/etc/sysconfig/bootloader` of SLES 11. */
export function editBootloaderDefaults(text: string, target: MenuTarget): Edited {
  return mapLines(text, (line, reasons) => {
    const [, name, quote, value, end] = APPEND.exec(line) ?? [];
    if (name === undefined) return line;
    const named = nameDevices(value, (device, word) => target.nameDevice(device, word));
    const consoled = serialConsole(reasons.note(value, named, WHY.devices));
    const changed = changeParameters(reasons.note(named, consoled, WHY.console), target.changes(), reasons);
    return changed === value ? line : `${name}${quote || '"'}${changed}${quote || '"'}${end}`;
  });
}

/** `/etc/sysconfig/kernel` of Red Hat 5: the package whose kernels become the default when they are installed. */
export function editDefaultKernel(text: string): Edited {
  return mapLines(text, (line, reasons) =>
    reasons.note(line, line.replace(/^(DEFAULTKERNEL=["']?)kernel-xen\b/, "$1kernel"), WHY.kernel),
  );
}

/** `/boot/grub/device.map`: on a bare disk builders named a partition, or the one thing there was, as `(hd0)`. */
export function editDeviceMap(text: string): Edited {
  return mapLines(text, (line, reasons) =>
    reasons.note(line, line.replace(/^(\(hd0\)\s+\/dev\/(?:sd|xvd|hd)[a-z])\d+\s*$/, "$1"), WHY.map),
  );
}

function mapLines(text: string, edit: (line: string, reasons: Reasons) => string): Edited {
  const reasons = new Reasons();
  const lines = splitLines(text).map((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    return edit(body, reasons) + lineEnd;
  });
  return { text: lines.join(""), why: reasons.list() };
}
