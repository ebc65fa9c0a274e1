/** EC2's refusals for want of a right, and the policy that has it. Pure. */

/** Whether EC2 refuses a call for want of a right, by its code or message, or the provider's. */
export function isDenied(message: string): boolean {
  return /UnauthorizedOperation|AccessDenied|AuthorizationError|not authorized to perform/i.test(message);
}

/** EC2's words without the part that only STS can read, and without their full stop. */
export function plainWords(message: string): string {
  return message.replace(/ *Encoded authorization failure message: .*$/s, "").replace(/\.?\s*$/, "");
}

/** What the caller may not do. */
export interface Denied {
  /** `ec2:CreateVolume` */
  action: string;
  /** The ARN that EC2 names; of a look-up none. */
  resource?: string;
}

/** What is refused, by the message; undefined where it is no such refusal. */
export function deniedIn(message: string): Denied | undefined {
  if (!isDenied(message)) return undefined;
  const [, named, resource] =
    /not authorized to perform: (\w+:\w+)(?: on resource: (arn:\S+))?/.exec(message) ?? [];
  const [, called] = /operation error EC2: (\w+)/.exec(message) ?? [];
  const action = named ?? (called === undefined ? "this action" : `ec2:${called}`);
  return { action, resource };
}

const SOURCES = "for sources with the tag migrate=yes";
const AND_SOURCES = `policies/up.json has it for what carries a migration's tags, policies/up-live-source.json ${SOURCES}`;
const FOR_PREFLIGHT = "policies/preflight.json has it";

/** Actions of other files than `up.json`, and those that two have. */
const BY_ACTION: Record<string, string> = {
  "ec2:CreateSnapshot": AND_SOURCES,
  "ec2:StartInstances": AND_SOURCES,
  "ec2:StopInstances": AND_SOURCES,
  "ec2:DescribeInstanceAttribute": `policies/preview.json has it for machines that a migration made, policies/preview-live-source.json ${SOURCES}`,
  "ec2:DescribeNetworkInterfaces": "policies/up.json has it",
  "ec2:ModifyNetworkInterfaceAttribute": "policies/up-change-groups.json has it, for one VPC",
  "ec2:DescribeRouteTables": FOR_PREFLIGHT,
  "ec2:DescribeVpcBlockPublicAccessOptions": FOR_PREFLIGHT,
  "ec2:GetEbsDefaultKmsKeyId": FOR_PREFLIGHT,
  "ec2:GetInstanceMetadataDefaults": FOR_PREFLIGHT,
  "servicequotas:GetServiceQuota": FOR_PREFLIGHT,
  "sts:DecodeAuthorizationMessage": FOR_PREFLIGHT,
};

/** Which of the shipped policies has the right to an action, and for what: a sentence without its full stop. */
export function policyWith(action: string): string {
  if (Object.hasOwn(BY_ACTION, action)) return BY_ACTION[action];
  if (/^ec2:(Describe|Get)/.test(action)) return "policies/preview.json has it";
  if (action.startsWith("kms:")) return "policies/up-kms.json has it, for the key that it names";
  return "policies/up.json has it for what carries a migration's tags";
}
