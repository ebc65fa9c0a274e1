import { isBzImage } from "./bzImage";
import type { KernelConfig } from "./kernelConfig";

/** Of Xen's own kernel tree: a kernel with one of these knows no other machine than PV (CentOS 5 and SLES `kernel-xen`, Ubuntu's `-ec2` to 10.04). */
const PV_ONLY_SYMBOLS = ["CONFIG_X86_64_XEN", "CONFIG_X86_XEN"];

/** Whether a kernel boots on real hardware, which HVM is to it, and what says so. */
export function judgeHvm(file: Buffer, config?: KernelConfig): { bootsHvm: boolean; evidence: string } {
  const pvOnly = PV_ONLY_SYMBOLS.find((symbol) => config?.builtIn.has(symbol));
  if (pvOnly) return { bootsHvm: false, evidence: `${config?.where}: ${pvOnly}=y` };
  if (!isBzImage(file))
    return {
      bootsHvm: false,
      evidence: "the file has no boot sector: only Xen's domain builder can load it",
    };
  const evidence =
    config === undefined
      ? "a bzImage; there is no config file to ask"
      : `${config.where}: neither ${PV_ONLY_SYMBOLS.join(" nor ")}`;
  return { bootsHvm: true, evidence };
}
