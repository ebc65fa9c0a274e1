/** Small files that tell which kernel becomes the default, or what GRUB's devices are. */
import type { Edited } from "../edit";
import { editLines } from "../commandLine/assignments";

const WHY = {
  map: "the disk instead of its partition: (hd0) is a whole disk from now on",
  kernel:
    "DEFAULTKERNEL=kernel: kernel-xen cannot boot as HVM, and an update would make it the default again",
};

/** `/etc/sysconfig/kernel` of Red Hat 5: the package whose kernels become the default when they are installed. */
export function editDefaultKernel(text: string): Edited {
  return editLines(text, (line, reasons) =>
    reasons.note(line, line.replace(/^(DEFAULTKERNEL=["']?)kernel-xen\b/, "$1kernel"), WHY.kernel),
  );
}

/** `/boot/grub/device.map`: on a bare disk builders named a partition, or the one thing there was, as `(hd0)`. */
export function editDeviceMap(text: string): Edited {
  return editLines(text, (line, reasons) =>
    reasons.note(line, line.replace(/^(\(hd0\)\s+\/dev\/(?:sd|xvd|hd)[a-z])\d+\s*$/, "$1"), WHY.map),
  );
}
