/** What a caller may do, by the policies that the local cloud was given for it. */
import { ACCOUNT_ID } from "../cloud/account";
import type { AttachedPolicy, Identity } from "../cloud/callers";
import type { Cloud } from "../cloud/cloud";
import { Ec2Error } from "../cloud/errors";
import type { Thing } from "../rights/asked";
import { type Asked, decide } from "../rights/evaluate";
import { readPolicy, type Policy } from "../rights/policy";
import { refusalOf } from "../rights/rights";
import type { Clouds } from "./clouds";
import type { Authorize } from "./door";

/** Refuses with `UnauthorizedOperation` what the caller's policies do not allow, in EC2's words. */
export function rightsIn(clouds: Clouds): Authorize {
  return async ({ context, action, input }) => {
    const { caller, region, cloud } = context;
    const { arn, policies } = await clouds.home.callers.identify(caller.accessKeyId);
    if (!policies) return;
    const request = { action, input, region, account: ACCOUNT_ID };
    const refusal = await refusalOf(request, {
      ...{ caller: arn, policies: policies.map(read) },
      thingOf: (id) => thingOf(cloud, id),
    });
    if (refusal) throw new Ec2Error("UnauthorizedOperation", refusal.message);
  };
}

/** What a request names, as IAM sees it. A region has one VPC here; interfaces and default groups have no record of their own. */
export async function thingOf(cloud: Cloud, id: string): Promise<Thing | undefined> {
  const found = await cloud.tagging.find(id);
  if (/^(eni|sg)-/.test(id)) return { tags: found?.tags ?? {}, vpcId: cloud.network.vpc.vpcId };
  return found && { tags: found.tags, ownerId: found.ownerId };
}

/** The same for an action of another service's, by that service's code. `on`: what it is about, where it is about something. */
export function requireRight(
  action: string,
  { arn, policies }: Identity,
  code = "AccessDenied",
  on?: Omit<Asked, "action">,
): void {
  const asked: Asked = { arn: "*", context: {}, ...on, action };
  if (!policies || decide(policies.map(read), asked).allowed) return;
  const resource = on === undefined ? "" : ` on resource: ${on.arn}`;
  throw new Ec2Error(
    code,
    `User: ${arn} is not authorized to perform: ${action}${resource} because no identity-based policy allows the ${action} action`,
  );
}

/** By text: a caller sends hundreds of requests. */
const read = ({ name, text }: AttachedPolicy): Policy => {
  const known = policiesRead.get(text) ?? readPolicy(text, name);
  policiesRead.set(text, known);
  return known;
};
const policiesRead = new Map<string, Policy>();
