/**
 * EC2's published model, as AWS' SDK for JavaScript is made of it: each action's parameters and answer by name and type, and
 * which parameters it must have.
 */
import * as sdk from "@aws-sdk/client-ec2";
import { NormalizedSchema } from "@smithy/core/schema";

export type Schema = NormalizedSchema;

/** One action. */
export interface Operation {
  name: string;
  input: Schema;
  output: Schema;
}

/** In the SDK's static form: kind, namespace, name, traits, input, output. */
type StaticOperation = [9, string, string, unknown, () => never, () => never];

/** The action of this name, or undefined if EC2 has none. */
export function findOperation(name: string): Operation | undefined {
  const schema = /^\w+$/.test(name) ? (sdk as Record<string, unknown>)[`${name}$`] : undefined;
  if (!Array.isArray(schema) || schema[0] !== 9) return undefined;
  const [, , , , input, output] = schema as unknown as StaticOperation;
  return { name, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output) };
}

/** Every action that EC2 has. */
export function operationNames(): string[] {
  return Object.entries(sdk)
    .filter(([name, value]) => name.endsWith("$") && Array.isArray(value) && value[0] === 9)
    .map(([name]) => name.slice(0, -1));
}

/** The members of a structure that have to be there: the SDK's schemas name them first, and say how many they are. */
export function requiredIn(structure: Schema): string[] {
  const [, , , , names, , count = 0] = structure.getSchema() as unknown as [
    ...[unknown, unknown, unknown, unknown],
    ...[string[], unknown, number?],
  ];
  return names.slice(0, count);
}

/** What a member is called in a request: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html */
export function wireName(member: string, schema: Schema): string {
  const { ec2QueryName, xmlName } = schema.getMergedTraits() as { ec2QueryName?: string; xmlName?: string };
  const name = ec2QueryName ?? xmlName ?? member;
  return name[0].toUpperCase() + name.slice(1);
}

/** What a member is called in an answer. */
export function answerName(member: string, schema: Schema): string {
  const { xmlName } = schema.getMergedTraits() as { xmlName?: string };
  return xmlName ?? member;
}
