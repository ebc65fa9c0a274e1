import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "./args";
import { checkLaunchType } from "./checks";
import { Family } from "./enums";
import { findHelper, type FoundHelper } from "./helper";
import { lookUpType } from "./lookups";
import { type Problem, problemsError } from "./problems";
import { findSource, type FoundSource } from "./source";
import { checkArgs } from "./validate";

/** What EC2 says of the things that the arguments name. */
export interface Findings {
  source: FoundSource;
  helper: FoundHelper;
}

/** Arguments whose judged part has resolved. */
export interface ResolvedArgs {
  source: { imageId?: string; snapshotId?: string; architecture?: string };
  helper: { subnetId: string; imageId?: string; instanceType: string };
  destination: { sizeGb?: number };
  families: Family[];
  ena: boolean;
  launchType?: string;
}

/** The instance type that a helper gets when none is named. */
export const HELPER_TYPE = "m8i-flex.large";

/**
 * Engines that know `replacementTrigger`, without which a changed key would leave the old volumes in place: from the
 * version of the SDK that this package brings. An engine too old to be asked is refused as well.
 */
const ENGINE_VERSIONS = ">=3.248.0";

/**
 * Asks EC2 for everything that the arguments name, and judges the answers together with those arguments that were
 * outputs. Rejects with one error that lists every problem. Each of the migration's first resources takes an input
 * through this output, so that nothing is created before the checks have passed.
 */
export function find(
  name: string,
  args: PvToHvmMigrationArgs,
  parent: pulumi.Resource,
): pulumi.Output<Findings> {
  return pulumi.output(judged(args)).apply(async (known) => {
    await pulumi.requirePulumiVersion(ENGINE_VERSIONS);
    const problems = checkArgs(name, withResolved(args, known));
    if (problems.length > 0) throw problemsError(name, problems);
    return ask(name, resolve(known), parent);
  });
}

async function ask(name: string, args: ResolvedArgs, parent: pulumi.Resource): Promise<Findings> {
  const [source, helper] = await Promise.all([findSource(args, parent), findHelper(args, parent)]);
  const launch = await checkLaunch(args, source.value?.architecture, parent);
  if (!source.value || !helper.value || launch.length > 0) {
    throw problemsError(name, [...source.problems, ...helper.problems, ...launch]);
  }
  return { source: source.value, helper: helper.value };
}

async function checkLaunch(
  args: ResolvedArgs,
  architecture: string | undefined,
  parent: pulumi.Resource,
): Promise<Problem[]> {
  if (args.launchType === undefined) return [];
  const type = await lookUpType("launch.instanceType", args.launchType, parent);
  const { ena, families } = args;
  return type.value
    ? checkLaunchType(args.launchType, type.value, { architecture, ena, families })
    : type.problems;
}

// Private keys stay out: one secret in it would make every volume's size a secret. So do ids that only name where the
// new instance goes: an unknown one would put off every other check until the update.
function judged({ source, helper, destination, guest, image, launch }: PvToHvmMigrationArgs) {
  return {
    source,
    helper: {
      subnetId: helper.subnetId,
      imageId: helper.imageId,
      instanceType: helper.instanceType,
      allowedCidrs: helper.allowedCidrs,
    },
    destination,
    guest,
    image: { name: image?.name, ena: image?.ena },
    launch: launch && { instanceType: launch.instanceType },
  };
}

type Known = pulumi.Unwrap<ReturnType<typeof judged>>;

function withResolved(args: PvToHvmMigrationArgs, known: Known): PvToHvmMigrationArgs {
  return {
    ...args,
    source: known.source,
    helper: { ...args.helper, ...known.helper },
    destination: known.destination,
    guest: known.guest,
    image: { ...args.image, ...known.image },
    launch: args.launch && { ...args.launch, ...known.launch },
  };
}

function resolve(known: Known): ResolvedArgs {
  const families = known.guest?.families ?? [Family.Xen, Family.Nitro];
  return {
    source: known.source,
    helper: { ...known.helper, instanceType: known.helper.instanceType ?? HELPER_TYPE },
    destination: { sizeGb: known.destination?.sizeGb },
    families,
    ena: known.image.ena ?? families.includes(Family.Nitro),
    launchType: known.launch?.instanceType,
  };
}
