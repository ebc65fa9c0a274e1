import { randomBytes } from "node:crypto";
import { Ec2Error } from "./errors";

/** What has an id. EC2 words a malformed or missing id differently for each of them. */
export type Kind =
  | "image"
  | "snapshot"
  | "volume"
  | "instance"
  | "securityGroup"
  | "keyPair"
  | "launchTemplate"
  | "vpc"
  | "subnet"
  | "routeTable"
  | "internetGateway"
  | "natGateway"
  | "vpcEndpoint"
  | "address";

interface IdRules {
  prefix: string;
  notFound: (id: string) => Ec2Error;
  malformed: (id: string) => Ec2Error;
}

const invalidId = (code: string, id: string, prefix: string) =>
  new Ec2Error(code, `Invalid id: "${id}" (expecting "${prefix}-...")`);
const invalidValue = (parameter: string, id: string, prefix: string) =>
  new Ec2Error(
    "InvalidParameterValue",
    `Value (${id}) for parameter ${parameter} is invalid. Expected: '${prefix}-...'.`,
  );

const RULES: Record<Kind, IdRules> = {
  image: {
    prefix: "ami",
    notFound: (id) => new Ec2Error("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`),
    malformed: (id) => invalidId("InvalidAMIID.Malformed", id, "ami"),
  },
  snapshot: {
    prefix: "snap",
    notFound: (id) => new Ec2Error("InvalidSnapshot.NotFound", `The snapshot '${id}' does not exist.`),
    malformed: (id) => invalidValue("snapshotId", id, "snap"),
  },
  volume: {
    prefix: "vol",
    notFound: (id) => new Ec2Error("InvalidVolume.NotFound", `The volume '${id}' does not exist.`),
    malformed: (id) => invalidValue("volumeId", id, "vol"),
  },
  instance: {
    prefix: "i",
    notFound: (id) => new Ec2Error("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`),
    malformed: (id) => invalidId("InvalidInstanceID.Malformed", id, "i"),
  },
  securityGroup: {
    prefix: "sg",
    notFound: (id) => new Ec2Error("InvalidGroup.NotFound", `The security group '${id}' does not exist`),
    malformed: (id) => invalidId("InvalidGroupId.Malformed", id, "sg"),
  },
  keyPair: {
    prefix: "key",
    notFound: (id) => new Ec2Error("InvalidKeyPair.NotFound", `The key pair '${id}' does not exist`),
    malformed: (id) => invalidId("InvalidKeyPair.Format", id, "key"),
  },
  launchTemplate: {
    prefix: "lt",
    notFound: (id) =>
      new Ec2Error(
        "InvalidLaunchTemplateId.NotFound",
        `The specified launch template, with template ID ${id}, does not exist.`,
      ),
    malformed: (id) => invalidId("InvalidLaunchTemplateId.Malformed", id, "lt"),
  },
  vpc: {
    prefix: "vpc",
    notFound: (id) => new Ec2Error("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`),
    malformed: (id) => invalidId("InvalidVpcID.Malformed", id, "vpc"),
  },
  subnet: {
    prefix: "subnet",
    notFound: (id) => new Ec2Error("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`),
    malformed: (id) => invalidId("InvalidSubnetID.Malformed", id, "subnet"),
  },
  routeTable: {
    prefix: "rtb",
    notFound: (id) =>
      new Ec2Error("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`),
    malformed: (id) => invalidId("InvalidRouteTableId.Malformed", id, "rtb"),
  },
  internetGateway: {
    prefix: "igw",
    notFound: (id) =>
      new Ec2Error("InvalidInternetGatewayID.NotFound", `The internetGateway ID '${id}' does not exist`),
    malformed: (id) => invalidId("InvalidInternetGatewayId.Malformed", id, "igw"),
  },
  natGateway: {
    prefix: "nat",
    notFound: (id) => new Ec2Error("NatGatewayNotFound", `The Nat Gateway ${id} was not found`),
    malformed: (id) => invalidId("NatGatewayMalformed", id, "nat"),
  },
  vpcEndpoint: {
    prefix: "vpce",
    notFound: (id) =>
      new Ec2Error("InvalidVpcEndpointId.NotFound", `The Vpc Endpoint Id '${id}' does not exist`),
    malformed: (id) => invalidId("InvalidVpcEndpointId.Malformed", id, "vpce"),
  },
  address: {
    prefix: "eipalloc",
    notFound: (id) =>
      new Ec2Error("InvalidAllocationID.NotFound", `The allocation ID '${id}' does not exist`),
    malformed: (id) => invalidId("InvalidAllocationID.Malformed", id, "eipalloc"),
  },
};

/** A new id in EC2's long form: the prefix and 17 hexadecimal digits. */
export function newId(kind: Kind): string {
  return `${RULES[kind].prefix}-${randomBytes(9).toString("hex").slice(0, 17)}`;
}

/** Refuses what cannot be an id of this kind. The short form (8 digits, before 2016) is still one: old images have it. */
export function requireWellFormed(kind: Kind, id: string): void {
  const { prefix, malformed } = RULES[kind];
  if (!new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id)) throw malformed(id);
}

/** The refusal of an id that is well formed and names nothing. */
export function notFound(kind: Kind, id: string): Ec2Error {
  return RULES[kind].notFound(id);
}
