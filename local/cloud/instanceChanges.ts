/** What becomes of an instance's record, and what is refused of it. Pure. */
import { randomBytes } from "node:crypto";
import { Ec2Error } from "./errors";
import type { InstanceRecord, InstanceState } from "./instanceRecord";
import { requireStartable } from "./instanceRules";
import type { InstanceChange } from "./instances";
import type { Launch } from "./launch";

/** The record of a launch, `pending`. */
export function newInstance(
  instanceId: string,
  { request, image, type, subnet, publicKey }: Launch,
  address: string,
): InstanceRecord {
  return {
    instanceId,
    imageId: image.imageId,
    machine: image.machine,
    architecture: image.architecture,
    virtualizationType: image.virtualizationType,
    enaSupport: image.enaSupport,
    bootMode: image.bootMode,
    rootDeviceName: image.rootDeviceName,
    ...(image.imageLocation !== undefined && {
      rootDeviceType: "instance-store",
      imageLocation: image.imageLocation,
    }),
    instanceType: type.name,
    state: "pending",
    availabilityZone: subnet.availabilityZone,
    subnetId: subnet.subnetId,
    vpcId: subnet.vpcId,
    securityGroupIds: request.securityGroupIds ?? [],
    productCodes: image.productCodes,
    keyName: request.keyName,
    publicKey,
    userData: request.userData,
    cpuOptions: request.cpuOptions,
    ...addressed(request.associatePublicIpAddress ?? subnet.mapPublicIpOnLaunch, address),
    // 02: locally administered, as EC2's are.
    macAddress: `02:${(randomBytes(5).toString("hex").match(/../g) ?? []).join(":")}`,
    launchTime: new Date().toISOString(),
    disableApiTermination: request.disableApiTermination ?? false,
    attributes: request.attributes,
    reservationId: request.reservationId,
    tags: request.tags ?? {},
  };
}

/**
 * As ModifyInstanceAttribute changes it. Of a running one neither type nor user data changes: `IncorrectInstanceState`.
 */
export function changed(now: InstanceRecord, change: InstanceChange): InstanceRecord {
  const { instanceType, userData, enaSupport } = change;
  if ([instanceType, userData, enaSupport].some((value) => value !== undefined))
    requireState(now, ["stopped"], "modified");
  const after = { ...now, ...change, attributes: { ...now.attributes, ...change.attributes } };
  requireStartable(after, after.instanceType, after.cpuOptions);
  return after;
}

/** The addresses that a start gives. */
export function addressed(hasPublicAddress: boolean, address: string) {
  return { hasPublicAddress, publicIp: hasPublicAddress ? address : undefined, privateIp: address };
}

/** Stopped, for EC2's reason; the public address is given up. */
export function stopped(instance: InstanceRecord, reason: string): InstanceRecord {
  return { ...instance, state: "stopped", stateReason: reason, publicIp: undefined };
}

/** Whether it is terminated or about to be. */
export function hasEnded({ state }: InstanceRecord): boolean {
  return state === "shutting-down" || state === "terminated";
}

/** A change that EC2 would have made and that failed here: the state of before, and why. */
export function back(instance: InstanceRecord, state: InstanceState, error: Error): InstanceRecord {
  return { ...instance, state, stateReason: internalError(error) };
}

/** EC2's reason where something failed that is nobody's doing. */
export function internalError(error: Error): string {
  return `Server.InternalError: ${error.message}`;
}

/** Refuses with `IncorrectInstanceState` what is in none of the states allowed. */
export function requireState({ instanceId, state }: InstanceRecord, allowed: string[], verb: string): void {
  if (allowed.includes(state)) return;
  throw new Ec2Error(
    "IncorrectInstanceState",
    `The instance '${instanceId}' is not in a state from which it can be ${verb}: it is '${state}', not '${allowed}'.`,
  );
}

/** Refuses to stop what is protected from it, and what would lose its root with that. */
export function requireStoppable({ instanceId, rootDeviceType, attributes }: InstanceRecord): void {
  if (attributes?.disableApiStop) {
    throw new Ec2Error(
      "OperationNotPermitted",
      `The instance '${instanceId}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    );
  }
  if (rootDeviceType !== "instance-store") return;
  throw new Ec2Error(
    "UnsupportedOperation",
    `The instance '${instanceId}' does not have an 'ebs' root device type and cannot be stopped.`,
  );
}

/** Refuses to end what is protected from it. */
export function requireTerminable({ instanceId, disableApiTermination }: InstanceRecord): void {
  if (!disableApiTermination) return;
  throw new Ec2Error(
    "OperationNotPermitted",
    `The instance '${instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  );
}
