/** EC2's refusals, in words. Pure but for the decoding, which STS does. */
import { DecodeAuthorizationMessageCommand } from "@aws-sdk/client-sts";
import { isRecord } from "../cli/preview/preview";
import { deniedIn, isDenied, policyWith } from "../components/denied";
import type { Clients } from "./clients";
import type { Row } from "./row";

/** An error as EC2 answers it. */
export interface Ec2Refusal extends Error {
  /** EC2's code, e.g. `UnauthorizedOperation`. */
  name: string;
}

/** What to do, by EC2's code. */
const ADVICE: Record<string, string> = {
  InstanceLimitExceeded: "Ask for a higher quota (Service Quotas), or run fewer at once.",
  VcpuLimitExceeded:
    "Ask for a higher quota (Service Quotas, Running On-Demand instances), or set a smaller helpersAtOnce.",
  VolumeLimitExceeded: "Ask for a higher quota (Service Quotas, EBS), or delete volumes that nobody needs.",
  SnapshotLimitExceeded:
    "Ask for a higher quota (Service Quotas, EBS), or delete snapshots that nobody needs.",
  SecurityGroupLimitExceeded:
    "Ask for a higher quota (Service Quotas, VPC), or delete groups that nobody needs.",
  Unsupported: "Name another instance type, or a subnet in another zone.",
  OptInRequired: "Subscribe to the product in AWS Marketplace, or take a source without its product code.",
  PendingVerification: "AWS has to verify the account first. Wait for its e-mail, or ask AWS Support.",
  Blocked: "The account is blocked. Ask AWS Support.",
};

function noRight(action: string): string {
  return `Give the caller the right: ${policyWith(action)} (docs/rights.md). If it has it, a service control policy or a permissions boundary forbids it.`;
}

/** The row of a call that EC2 would refuse. */
export async function refused(
  row: Pick<Row, "what" | "migrations">,
  error: Ec2Refusal,
  clients: Clients,
): Promise<Row> {
  const words = error.message.replace(/\.?\s*$/, "");
  if (!isDenied(error.name)) {
    const advice = ADVICE[error.name] ?? "Change what EC2 names, and ask again.";
    return { ...row, answer: "no", found: `${error.name}: ${words}`, advice };
  }
  const [plain, encoded] = words.split(/\.? *Encoded authorization failure message: */);
  const decoded = encoded === undefined ? undefined : await decode(encoded, clients);
  const { found, advice } = decoded ?? { found: plain, advice: noRight(deniedIn(plain)?.action ?? "") };
  return { ...row, answer: "no", found: `${error.name}: ${found}`, advice };
}

/** `undefined` where the caller has no right to have it decoded. */
async function decode(
  encoded: string,
  { sts }: Clients,
): Promise<{ found: string; advice: string } | undefined> {
  const answer = await sts
    .send(new DecodeAuthorizationMessageCommand({ EncodedMessage: encoded }))
    .catch(() => undefined);
  return answer?.DecodedMessage === undefined ? undefined : explained(answer.DecodedMessage);
}

/**
 * What STS decodes: whether a statement denied it, and which. Source of the fields:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
export function explained(json: string): { found: string; advice: string } | undefined {
  const message = parsed(json);
  if (!isRecord(message)) return undefined;
  const { action, resource } = isRecord(message.context) ? message.context : {};
  const what = `${String(action ?? "the action")} on ${String(resource ?? "a resource")}`;
  if (message.explicitDeny !== true)
    return { found: `no policy allows ${what}`, advice: noRight(String(action)) };
  const statements = isRecord(message.matchedStatements) ? message.matchedStatements.items : undefined;
  const ids = (Array.isArray(statements) ? statements : [])
    .map((each: unknown) => (isRecord(each) ? each.statementId : undefined))
    .filter((id): id is string => typeof id === "string" && id !== "");
  const by = ids.length === 0 ? "a policy" : `the statement ${ids.join(", ")} of a policy`;
  return {
    found: `${by} denies ${what}`,
    advice:
      "A rule of the account forbids it: a service control policy, a permissions boundary, or a Deny of the role's own. " +
      "Where it asks for tags, set aws:defaultTags, which go into every request; where it asks for IMDSv2, set launch.metadataTokens to required. Otherwise ask who keeps the rules.",
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** What to give who may not look. */
const NO_LOOK = "Give the caller the rights of policies/preflight.json, or look it up by hand.";

/**
 * The answer to a look-up. Where the caller has no right to it, the row that says so in its place. Any other error is thrown:
 * then EC2 cannot be asked at all.
 */
export async function looked<T>(
  row: Pick<Row, "what" | "migrations">,
  ask: () => Promise<T>,
): Promise<{ value: T } | { row: Row }> {
  try {
    return { value: await ask() };
  } catch (error) {
    const found = whyNotLooked(error as Error);
    if (found === undefined) throw error;
    return { row: { ...row, answer: "unknown", found, advice: NO_LOOK } };
  }
}

function whyNotLooked(error: Error): string | undefined {
  if (isDenied(error.name)) return "the caller has no right to look";
  return isUnknownAction(error)
    ? `this endpoint does not know the call (${error.message.replace(/\.$/, "")})`
    : undefined;
}

/** A partition, or a stand-in, that does not have an action. */
function isUnknownAction({ name }: Error): boolean {
  return ["InvalidAction", "UnknownOperationException"].includes(name);
}
