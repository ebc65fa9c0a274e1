import { FailedError } from "../../converter/errors";
import type { Accelerator } from "../../converter/boot/accelerator";
import { hostAccelerator } from "./accelerator";
import type { MachineKind } from "./machine";

/** Which kind of machine helpers are: `container` or `virtual-machine`. */
export const HELPERS_VARIABLE = "PV_TO_HVM_HELPERS";

/**
 * What the environment names, else a virtual machine where KVM works: without it a helper takes a minute and more to
 * start, and cannot rehearse at all.
 * @throws FailedError for any other word.
 */
export async function helperKind(
  env: NodeJS.ProcessEnv,
  accelerator: () => Promise<Accelerator>,
): Promise<MachineKind> {
  const named = env[HELPERS_VARIABLE];
  if (named === "container" || named === "virtual-machine") return named;
  if (!named) return (await accelerator()) === "kvm" ? "virtual-machine" : "container";
  throw new FailedError(
    `${HELPERS_VARIABLE}: ${JSON.stringify(named)} is no kind of machine. ` +
      "Set it to container or virtual-machine, or leave it out: then it is a virtual machine where KVM works.",
  );
}

/** The kind for this host. @param image the helper's image, whose QEMU tries KVM. */
export function helperKindOfThisHost(image: string): Promise<MachineKind> {
  return helperKind(process.env, () => hostAccelerator(image));
}
