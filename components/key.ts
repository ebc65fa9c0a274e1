import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "./args";

/**
 * What makes a conversion that conversion: one `name=value` for each input that shapes the result, as the user gave it.
 * Absent inputs stay absent, so that a changed default never converts again; secrets appear as digests. Each string is
 * an output of its own, so that a preview shows in words which one changed.
 */
export function conversionKey(args: PvToHvmMigrationArgs): pulumi.Output<string>[] {
  const { source, destination = {}, guest = {} } = args;
  const inputs: [string, pulumi.Input<unknown>][] = [
    ["source.imageId", source.imageId],
    ["source.snapshotId", source.snapshotId],
    ["destination.sizeGb", destination.sizeGb],
    ["destination.volumeType", destination.volumeType],
    ["destination.encrypted", destination.encrypted],
    ["destination.kmsKeyId", destination.kmsKeyId],
    ["destination.grow", destination.grow],
    ["destination.layout", destination.layout],
    ["guest.families", guest.families],
    ["revision", args.revision],
  ];
  return inputs.filter(([, value]) => value !== undefined).map(([name, value]) => keyString(name, value));
}

/** The first 16 hexadecimal digits of the SHA-256 of some strings, a line each. */
export function digest(strings: string[]): string {
  return createHash("sha256").update(strings.join("\n")).digest("hex").slice(0, 16);
}

function keyString(name: string, input: pulumi.Input<unknown>): pulumi.Output<string> {
  const value = pulumi.output(input);
  return pulumi
    .output(pulumi.isSecret(value))
    .apply((secret) =>
      pulumi
        .unsecret(value)
        .apply((plain) => `${name}=${secret ? `sha256:${digest([text(plain)])}` : text(plain)}`),
    );
}

// The order of families says nothing, so it must not convert again either.
function text(value: unknown): string {
  return Array.isArray(value) ? [...value].sort().join(",") : String(value);
}
