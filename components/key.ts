import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "./args";
import type { SourceArgs } from "./sourceArgs";

/** One input that shapes the result of a conversion, by its path among the arguments. */
export interface KeyInput {
  name: string;
  /** As the user gave it; a digest in place of a secret. */
  value: pulumi.Output<string>;
}

/**
 * The inputs that make a conversion that conversion. Absent ones stay absent, so that a changed default never converts
 * again; of secrets there is a digest.
 */
export function keyInputs(args: PvToHvmMigrationArgs): KeyInput[] {
  // Also of arguments that are about to be refused, as a stack's configuration may give them.
  const { destination = {}, guest = {}, ...given } = args as Partial<PvToHvmMigrationArgs>;
  const source: SourceArgs = given.source ?? {};
  const inputs: [string, pulumi.Input<unknown>][] = [
    ["source.imageId", source.imageId],
    ["source.snapshotId", source.snapshotId],
    ["source.volumeId", source.volumeId],
    ["source.instanceId", source.instanceId],
    ["source.architecture", source.architecture],
    ["source.stopFirst", source.stopFirst],
    ["source.prepare", source.prepare],
    ["destination.sizeGb", destination.sizeGb],
    ["destination.volumeType", destination.volumeType],
    ["destination.encrypted", destination.encrypted],
    ["destination.kmsKeyId", destination.kmsKeyId],
    ["destination.grow", destination.grow],
    ["destination.layout", destination.layout],
    ["guest.families", guest.families],
    ["revision", args.revision],
  ];
  return inputs
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, value: keyValue(value) }));
}

/** One `name=value` an input. Each is an output of its own, so that a preview shows in words which one changed. */
export function conversionKey(inputs: KeyInput[]): pulumi.Output<string>[] {
  return inputs.map(({ name, value }) => value.apply((text) => `${name}=${text}`));
}

/** The first 16 hexadecimal digits of the SHA-256 of some strings, a line each. */
export function digest(strings: string[]): string {
  return createHash("sha256").update(strings.join("\n")).digest("hex").slice(0, 16);
}

function keyValue(input: pulumi.Input<unknown>): pulumi.Output<string> {
  const value = pulumi.output(input);
  return pulumi
    .output(pulumi.isSecret(value))
    .apply((secret) =>
      pulumi.unsecret(value).apply((plain) => (secret ? `sha256:${digest([text(plain)])}` : text(plain))),
    );
}

// The order of families says nothing, so it must not convert again either.
function text(value: unknown): string {
  return Array.isArray(value) ? [...value].sort().join(",") : String(value);
}
