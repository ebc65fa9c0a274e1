/**
 * Launch templates and autoscaling groups, which the local cloud does not have: planned by previews, their inputs held
 * against pulumi-aws's own declarations, and never made.
 */
import { awsProvider } from "../../../local/providers/aws/provider";
import type { CheckFailure, Properties, Provider, ResourceHandler } from "../../../local/providers/provider";
import { faultsOf } from "./inputFaults";
import type { PackageSpec } from "./schema";

/** The local cloud's pulumi-aws, which finds EC2 at this address, and besides what the schema has more. */
export function plannedAws(endpoint: string, schema: PackageSpec): Provider {
  const provider = awsProvider();
  const keys = { accessKey: "local", secretKey: "local" };
  const endpoints = JSON.stringify([{ ec2: endpoint, sts: endpoint }]);
  const planned = Object.keys(schema.resources)
    .filter((token) => !(token in provider.resources))
    .map((token) => [token, plannedResource(token, schema)] as const);
  const configure = (config: Properties) => provider.configure!({ ...keys, ...config, endpoints });
  return {
    ...provider,
    schema,
    configure,
    resources: { ...provider.resources, ...Object.fromEntries(planned) },
  };
}

function plannedResource(token: string, schema: PackageSpec): ResourceHandler {
  const { inputProperties, requiredInputs, properties } = schema.resources[token];
  const spec = { properties: inputProperties, required: requiredInputs };
  const neverMade = async () => {
    throw new Error(`${token}: only previews know it here. Run against EC2 to make one.`);
  };
  return {
    outputs: Object.keys(properties),
    check: async (inputs) => ({ inputs, failures: faultsOf(inputs, spec, schema).map(failureOf) }),
    // What EC2 would fill in is not known before it has.
    preview: (inputs: Properties) => inputs,
    create: neverMade,
    delete: neverMade,
  };
}

function failureOf(fault: string): CheckFailure {
  const [property, ...reason] = fault.split(": ");
  return { property, reason: reason.join(": ") };
}
