/** Whether this machine is itself emulated: a guest within it would be emulated twice over. */
import * as fs from "node:fs/promises";
import { type Runner, isInstalled } from "../run";

/**
 * True in a virtual machine of QEMU's without KVM. QEMU's own processor models name themselves "QEMU TCG CPU"; others
 * (`-cpu qemu64`) are told by the hypervisor's signature in CPUID, which systemd-detect-virt reads, in a container too.
 */
export async function runsInTcg(runner: Runner, cpuinfo = "/proc/cpuinfo"): Promise<boolean> {
  const text = await fs.readFile(cpuinfo, "utf8").catch(() => "");
  if (/^model name\s*:.*\bTCG\b/m.test(text)) return true;
  if (!(await isInstalled("systemd-detect-virt", runner))) return false;
  const { stdout } = await runner(["systemd-detect-virt", "--vm"], {
    purpose: "asking what this machine runs on",
    accept: [0, 1],
  });
  // `kvm` where QEMU has KVM; `qemu` is the signature TCGTCGTCGTCG.
  return stdout.trim() === "qemu";
}
