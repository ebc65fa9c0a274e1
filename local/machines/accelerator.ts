import { type Accelerator, chooseAccelerator } from "../../converter/boot/accelerator";
import { run, type Runner } from "../../converter/run";
import { toolboxCommand } from "./toolbox";

const found = new Map<string, Promise<Accelerator>>();

/** KVM where it really works on this host, else TCG. Tried once in this process, with the toolbox's QEMU. */
export function hostAccelerator(image: string): Promise<Accelerator> {
  const inToolbox: Runner = (command, options) => run(toolboxCommand(image, "/", command), options);
  const choice = found.get(image) ?? chooseAccelerator("auto", inToolbox);
  found.set(image, choice);
  return choice;
}
