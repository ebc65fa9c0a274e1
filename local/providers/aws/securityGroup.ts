import { ACCOUNT_ID, ec2Arn } from "../../cloud/account";
import type { Rule } from "../../cloud/securityGroups";
import type { Properties, ResourceHandler } from "../provider";
import type { Client } from "./client";
import { actionOf, awsResource } from "./resource";
import { objects, requiredText, tagOutputs, tagsIn, text } from "./values";

/** aws:ec2/securityGroup:SecurityGroup. As pulumi-aws it takes EC2's own allow-all egress away: name what is needed. */
export function securityGroup(client: Client): ResourceHandler {
  const { securityGroups } = client.cloud;
  return awsResource({
    type: "aws:ec2/securityGroup:SecurityGroup",
    required: [],
    optional: [
      "name",
      "namePrefix",
      "description",
      "vpcId",
      "ingress",
      "egress",
      "revokeRulesOnDelete",
      "tags",
    ],
    computed: ["vpcId", "ingress", "egress"],
    sets: ["ingress", "egress"],
    outputs: ["arn", "ownerId", "tagsAll"],
    replaces: ["name", "namePrefix", "description", "vpcId"],
    autoName: "name",
    defaults: () => ({ description: "Managed by Pulumi" }),

    async create(inputs) {
      const request = {
        name: requiredText(inputs, "name"),
        description: requiredText(inputs, "description"),
        vpcId: text(inputs, "vpcId"),
        ...rulesIn(inputs),
        tags: tagsIn(inputs),
      };
      const doing = `creating Security Group (${request.name})`;
      return (await client.call(doing, "CreateSecurityGroup", () => securityGroups.create(request))).groupId;
    },

    async show(id) {
      const record = await client.find(`reading Security Group (${id})`, "DescribeSecurityGroups", () =>
        securityGroups.describe(id),
      );
      if (!record) return undefined;
      const { name, description, vpcId, ingress, egress, tags } = record;
      const arn = ec2Arn(`security-group/${id}`);
      return { arn, ownerId: ACCOUNT_ID, name, description, vpcId, ingress, egress, ...tagOutputs(tags) };
    },

    async update(id, changed, inputs) {
      const rules = rulesIn(inputs);
      const change = {
        ...(changed.includes("ingress") && { ingress: rules.ingress }),
        ...(changed.includes("egress") && { egress: rules.egress }),
        tags: tagsIn(inputs),
      };
      const action = actionOf(changed, "ModifySecurityGroupRules");
      await client.call(`updating Security Group (${id})`, action, () => securityGroups.modify(id, change));
    },

    async delete(id) {
      await client.find(`deleting Security Group (${id})`, "DeleteSecurityGroup", () =>
        securityGroups.delete(id),
      );
    },
  });
}

function rulesIn(inputs: Properties): { ingress: Rule[]; egress: Rule[] } {
  return {
    ingress: objects(inputs, "ingress") as unknown as Rule[],
    egress: objects(inputs, "egress") as unknown as Rule[],
  };
}
