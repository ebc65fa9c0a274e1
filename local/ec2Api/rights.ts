/** What a caller may do, by the policies that the local cloud was given for it. */
import { ACCOUNT_ID } from "../cloud/account";
import type { AttachedPolicy, Identity } from "../cloud/callers";
import { Ec2Error } from "../cloud/errors";
import { decide } from "../rights/evaluate";
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
    const tagsOf = (id: string) => cloud.tagging.tagsOf(id);
    const refusal = await refusalOf(request, { caller: arn, policies: policies.map(read), tagsOf });
    if (refusal) throw new Ec2Error("UnauthorizedOperation", refusal.message);
  };
}

/** The same for an action of another service's, which is about no resource, by that service's code. */
export function requireRight(action: string, { arn, policies }: Identity, code = "AccessDenied"): void {
  if (!policies || decide(policies.map(read), { action, arn: "*", context: {} }).allowed) return;
  throw new Ec2Error(
    code,
    `User: ${arn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
  );
}

/** By text: a caller sends hundreds of requests. */
const read = ({ name, text }: AttachedPolicy): Policy => {
  const known = policiesRead.get(text) ?? readPolicy(text, name);
  policiesRead.set(text, known);
  return known;
};
const policiesRead = new Map<string, Policy>();
