import { randomBytes } from "node:crypto";
import type { MachineKind } from "../machines/machine";
import type { ImageArchitecture, VirtualizationType } from "./instanceTypes";
import type { Tags } from "./tags";

export type InstanceState = "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";

export interface InstanceRecord {
  instanceId: string;
  imageId: string;
  /** Taken from the image at launch: an image may be deregistered while its instances run on. */
  machine: MachineKind;
  architecture: ImageArchitecture;
  virtualizationType: VirtualizationType;
  enaSupport: boolean;
  bootMode?: string;
  rootDeviceName: string;
  /** Absent: `ebs`. */
  rootDeviceType?: "instance-store";
  /** Where the bytes of an instance store came from: see `RegisterImageRequest`. */
  imageLocation?: string;
  instanceType: string;
  state: InstanceState;
  /** EC2's `StateReason`: why it stopped or ended. */
  stateReason?: string;
  availabilityZone: string;
  subnetId: string;
  vpcId: string;
  securityGroupIds: string[];
  /** Its image's, when it was launched. */
  productCodes?: string[];
  keyName?: string;
  /** The key's text at launch: deleting the key pair takes it from no instance. */
  publicKey?: string;
  /** Decoded. */
  userData?: string;
  cpuOptions?: CpuOptions;
  /** Whether it is given a public address at every start. */
  hasPublicAddress: boolean;
  /** Absent while it is stopped. */
  publicIp?: string;
  /**
   * The same address as `publicIp`, since a machine has one only; kept while it is stopped, as EC2 does. Unlike EC2's
   * it changes with the next start.
   */
  privateIp: string;
  macAddress: string;
  launchTime: string;
  terminatedAt?: string;
  disableApiTermination: boolean;
  attributes?: InstanceAttributes;
  /** Of those that one request launched. Absent: it was the only one. */
  reservationId?: string;
  tags: Tags;
}

/** What a launch says and an instance shows again. Of all this only the first two have an effect here. */
export interface InstanceAttributes {
  disableApiStop?: boolean;
  /** `stop` or `terminate`: what becomes of it when it is shut down from inside. */
  shutdownBehavior?: string;
  ebsOptimized?: boolean;
  monitoring?: boolean;
  /** `standard` or `unlimited` */
  cpuCredits?: string;
  tenancy?: string;
  sourceDestCheck?: boolean;
  /** ARN or name. */
  iamInstanceProfile?: string;
  /** `default` or `disabled` */
  autoRecovery?: string;
  clientToken?: string;
  metadataOptions?: MetadataOptions;
}

/** By EC2's words, but for the case of their first letters. */
export interface MetadataOptions {
  [name: string]: string | number | undefined;
  httpTokens?: string;
  httpPutResponseHopLimit?: number;
  httpEndpoint?: string;
  httpProtocolIpv6?: string;
  instanceMetadataTags?: string;
}

export interface CpuOptions {
  coreCount?: number;
  threadsPerCore?: number;
  /** `enabled` or `disabled`. */
  nestedVirtualization?: string;
}

/** The one network interface of an instance, which comes and goes with it. */
export function networkInterfaceId(instanceId: string): string {
  return instanceId.replace(/^i-/, "eni-");
}

export function newReservationId(): string {
  return `r-${randomBytes(9).toString("hex").slice(0, 17)}`;
}

export function reservationIdOf({ instanceId, reservationId }: InstanceRecord): string {
  return reservationId ?? instanceId.replace(/^i-/, "r-");
}

/** The names by which EC2's DNS knows an address. Nothing resolves them here. */
export function publicDnsName(address: string): string {
  return `ec2-${address.replaceAll(".", "-")}.compute-1.amazonaws.com`;
}

export function privateDnsName(address: string): string {
  return `ip-${address.replaceAll(".", "-")}.ec2.internal`;
}
