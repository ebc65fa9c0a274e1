import { createHash, scryptSync } from "node:crypto";
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
 * Whether something of a conversion is there, by the digest of its key. Rejects where nobody knows: a finished conversion must not
 * be made anew for that.
 */
export type IsMade = (conversion: string) => Promise<boolean>;

/**
 * The inputs that make a conversion that conversion. Absent ones stay absent, so that a changed default never converts
 * again; of secrets there is a digest. What an earlier version has made goes on by the digests which that one took (`isMade`).
 */
export function keyInputs(
  args: PvToHvmMigrationArgs,
  isMade: IsMade = () => Promise.resolve(false),
): KeyInput[] {
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
  const forms = inputs
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => formsOf(name, value));
  const isEarlier = takesEarlierForm(forms, isMade);
  return forms.map(({ name, secret, value, earlier }) => ({
    name,
    value: secret.apply((is) => (is ? pulumi.all([isEarlier, value, earlier]).apply(chosen) : value)),
  }));
}

const chosen = ([isEarlier, value, earlier]: [boolean, string, string]) => (isEarlier ? earlier : value);

/** An input as it is in a key, and as it was in those of earlier versions. */
interface Forms {
  name: string;
  secret: pulumi.Output<boolean>;
  value: pulumi.Output<string>;
  earlier: pulumi.Output<string>;
}

/** EC2 is asked where there is a secret at all. */
function takesEarlierForm(forms: Forms[], isMade: IsMade): pulumi.Output<boolean> {
  const earlier = pulumi.all(
    forms.map(({ name, earlier: text }) => text.apply((known) => `${name}=${known}`)),
  );
  const isSecret = pulumi.all(forms.map(({ secret }) => secret)).apply((all) => all.includes(true));
  const known = pulumi.all([isSecret, earlier]);
  return known.apply(async ([is, strings]): Promise<boolean> => is && (await isMade(digest(strings))));
}

/** One `name=value` an input. Each is an output of its own, so that a preview shows in words which one changed. */
export function conversionKey(inputs: KeyInput[]): pulumi.Output<string>[] {
  return inputs.map(({ name, value }) => value.apply((text) => `${name}=${text}`));
}

/** The first 16 hexadecimal digits of the SHA-256 of some strings, a line each. */
export function digest(strings: string[]): string {
  return createHash("sha256").update(strings.join("\n")).digest("hex").slice(0, 16);
}

function formsOf(name: string, input: pulumi.Input<unknown>): Forms {
  const output = pulumi.output(input);
  const secret = pulumi.output(pulumi.isSecret(output));
  const by = (digested: (plain: string) => string) =>
    secret.apply((is) =>
      pulumi.unsecret(output).apply((plain) => (is ? digested(text(plain)) : text(plain))),
    );
  return {
    name,
    secret,
    value: by((plain) => saltedDigest(name, plain)),
    earlier: by((plain) => `sha256:${digest([plain])}`),
  };
}

/**
 * Of a secret, which many may read in tags. What a secret is guessed to be can be tried at any digest: so each trial takes a
 * twentieth of a second (scrypt with 16 MiB), and serves one project and one input alone. The salt is what never changes without
 * everything being made anew: a stack can be renamed, a migration as well, and both can be moved.
 */
function saltedDigest(name: string, secret: string): string {
  const salt = `pv-to-hvm/${pulumi.getProject()}/${name}`;
  return `scrypt:${scryptSync(secret, salt, 8, { N: 2 ** 14, r: 8, p: 1 }).toString("hex")}`;
}

// The order of families says nothing, so it must not convert again either.
function text(value: unknown): string {
  return Array.isArray(value) ? [...value].sort().join(",") : String(value);
}
