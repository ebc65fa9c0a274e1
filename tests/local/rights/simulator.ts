/** IAM's decisions by a simulator that nobody here wrote. It is under the AGPL: nothing outside tests/ imports it. */
import { runSimulation } from "@cloud-copilot/iam-simulate";
import type { Asked } from "../../../local/rights/evaluate";

/** Of the caller, and of what is asked about. */
export const ACCOUNT = "123456789012";

const WORDS = {
  Allowed: "allowed",
  ExplicitlyDenied: "denied",
  ImplicitlyDenied: "nothing allows it",
} as const;

/** `allowed`, `denied`, or `nothing allows it`. */
export async function simulate(policies: object[], { action: name, arn, context }: Asked): Promise<string> {
  const simulation = {
    identityPolicies: policies.map((each, index) => ({ name: String(index), policy: each })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    request: {
      action: name,
      principal: `arn:aws:iam::${ACCOUNT}:user/somebody`,
      resource: { resource: arn, accountId: ACCOUNT },
      contextVariables: context,
    },
  };
  const response = await runSimulation(simulation as Parameters<typeof runSimulation>[0], {});
  if (response.resultType === "error") throw new Error(JSON.stringify(response.errors));
  return WORDS[response.overallResult as keyof typeof WORDS] ?? response.overallResult;
}
