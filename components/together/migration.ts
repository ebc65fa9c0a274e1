import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import { conversionKey, digest, type IsMade, type KeyInput, keyInputs } from "../key";
import type { Role, RootRole } from "../resources";
import { inputTags, type Tags, TAG } from "../tags";
import type { Candidate } from "./candidate";

/** What every step of one migration shares. */
export interface Migration {
  name: string;
  args: PvToHvmMigrationArgs;
  parent: pulumi.ComponentResource;
  /** Names that the migration had before, by its `aliases`. */
  formerNames: pulumi.Output<string[]>;
  /** What the key is made of. */
  inputs: KeyInput[];
  /** See `conversionKey`. */
  key: pulumi.Output<string>[];
  /** 16 hexadecimal digits that stand for the key in tags and names. */
  keyDigest: pulumi.Output<string>;
  tags: pulumi.Output<Tags>;
  /** What it is until it may begin. */
  candidate: Candidate;
}

/** Puts together what every step shares. The user's tags give way to the migration's own. */
export function describeMigration(
  name: string,
  args: PvToHvmMigrationArgs,
  parent: pulumi.ComponentResource,
  candidate: Candidate,
  aliases: pulumi.ComponentResourceOptions["aliases"] = [],
  isMade?: IsMade,
): Migration {
  const inputs = keyInputs(args, isMade);
  const key = conversionKey(inputs);
  const keyDigest = pulumi.all(key).apply(digest);
  const own = { [TAG.migration]: name, [TAG.stack]: stackTag(), [TAG.conversion]: keyDigest };
  const tags = pulumi.all([args.tags ?? {}, own]).apply(([users, ours]): Tags => ({ ...users, ...ours }));
  return { name, args, parent, candidate, formerNames: namesOf(aliases), inputs, key, keyDigest, tags };
}

/** The stack by the value of its tag: two projects may each have a stack `prod`. */
export function stackTag(): string {
  return `${pulumi.getProject()}/${pulumi.getStack()}`;
}

/** A URN ends in the name; an alias without a name changes something else than the name. */
function namesOf(aliases: pulumi.ComponentResourceOptions["aliases"]): pulumi.Output<string[]> {
  return pulumi
    .output(aliases as pulumi.Input<string | { name?: string }>[])
    .apply((all) =>
      all.flatMap((alias) =>
        typeof alias === "string" ? [alias.split("::").pop() ?? ""] : (alias.name ?? []),
      ),
    );
}

/** The migration's tags, the resource's role, and a `Name` that tells its resources apart in EC2's console. */
export function namedTags(
  { name, tags }: Migration,
  role: Role | RootRole,
  shownAs = `${name}-${role}`,
): pulumi.Output<Tags> {
  return tags.apply((all): Tags => ({ Name: shownAs, ...all, [TAG.role]: role }));
}

/** For the image: every input of the key, by which a later run can say what changed. */
export function keyTags({ inputs }: Migration): pulumi.Output<Tags> {
  return pulumi.all(inputs).apply(inputTags);
}

/**
 * `dependsOn` for a resource whose inputs come from other resources only. Where the checks have failed those are never
 * made, and the SDK would wait for them without end (the Automation API's inline programs hang then); this way it is
 * told.
 */
export function after(
  checked: pulumi.Output<unknown>,
  dependsOn: pulumi.Resource[] | pulumi.Output<pulumi.Resource[]> = [],
): pulumi.Output<pulumi.Resource[]> {
  return checked.apply(() => dependsOn) as pulumi.Output<pulumi.Resource[]>;
}
