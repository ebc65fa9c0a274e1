/** Whether a caller may: the policies that a local cloud was given, and EC2's refusal where they do not allow it. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { askedOf, type Ec2Request, type ThingOf } from "./asked";
import { type Asked, decide, type Decision } from "./evaluate";
import { withKnownKeys } from "./knownKeys";
import type { Policy } from "./policy";

/** A request that no policy allows, or that one denies. */
export interface Refusal {
  /** EC2's words for it, with the encoded message. */
  message: string;
  asked: Asked;
}

/** The first thing about a request that the policies of `caller` (its ARN) do not allow; undefined if all is allowed. */
export async function refusalOf(
  request: Ec2Request,
  { caller, policies, thingOf }: { caller: string; policies: Policy[]; thingOf: ThingOf },
): Promise<Refusal | undefined> {
  for (const asked of await allAsked(request, thingOf)) {
    const decision = decide(policies, asked);
    if (!decision.allowed) return { message: wordsOf(asked, decision, caller), asked };
  }
  return undefined;
}

/** Everything that IAM is asked about a request, each with the keys that AWS gives it to go by. */
export async function allAsked(request: Ec2Request, thingOf: ThingOf): Promise<Asked[]> {
  return Promise.all((await askedOf(request, thingOf)).map(withKnownKeys));
}

function wordsOf(asked: Asked, decision: Decision & { allowed: false }, caller: string): string {
  const why = decision.denied
    ? `with an explicit deny in an identity-based policy`
    : `because no identity-based policy allows the ${asked.action} action`;
  return (
    `You are not authorized to perform this operation. User: ${caller} is not authorized to perform: ${asked.action} ` +
    `on resource: ${asked.arn} ${why}. Encoded authorization failure message: ${encode(asked, decision)}`
  );
}

/** As STS' DecodeAuthorizationMessage gives it back: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
function encode({ action, arn, context }: Asked, decision: Decision & { allowed: false }): string {
  const items = decision.denied
    ? [{ statementId: decision.statement ?? "", effect: "DENY", sourcePolicyId: decision.policy }]
    : [];
  const message = {
    allowed: false,
    explicitDeny: decision.denied,
    matchedStatements: { items },
    failures: { items: [] },
    context: {
      action,
      resource: arn,
      conditions: {
        items: Object.entries(context).map(([key, value]) => ({
          key,
          values: { items: [value].flat().map((each) => ({ value: each })) },
        })),
      },
    },
  };
  return deflateRawSync(JSON.stringify(message)).toString("base64url");
}

/** What `encode` was given, as JSON. Throws where it is no such message. */
export function decodeAuthorizationMessage(encoded: string): string {
  const json = inflateRawSync(Buffer.from(encoded, "base64url")).toString();
  JSON.parse(json);
  return json;
}
