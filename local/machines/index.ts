/** The machines that instances of the local cloud run on. */
import { Container } from "./container";
import type { Machine, MachineKind, MachineSpec } from "./machine";
import { VirtualMachine } from "./virtualMachine";

export type { AttachedVolume, Firewall, FirewallRule, Machine, MachineKind, MachineSpec } from "./machine";

/** The machine of this directory, running or not: it is started by nothing but its `start`. */
export function openMachine(kind: MachineKind, spec: MachineSpec): Machine {
  return kind === "container" ? new Container(spec) : new VirtualMachine(spec);
}
