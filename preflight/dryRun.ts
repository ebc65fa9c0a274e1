/** Asks EC2 whether it would, by dry runs. */
import {
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  type EC2Client,
  RegisterImageCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { isUnknownCaller } from "../cli/aws/errors";
import { inTurns } from "../cli/inTurns";
import type { Clients } from "./clients";
import { type Action, type DryRun, dryRunsOf, NOT_ASKABLE } from "./dryRuns";
import type { Plan } from "./plan";
import { type Ec2Refusal, refused } from "./refusal";
import { migrationsIn, type Row } from "./row";

type Command = Parameters<EC2Client["send"]>[0];

/** The SDK's command of each action. */
export const COMMANDS = {
  CreateSecurityGroup: CreateSecurityGroupCommand,
  CreateSnapshot: CreateSnapshotCommand,
  CreateVolume: CreateVolumeCommand,
  DeleteSecurityGroup: DeleteSecurityGroupCommand,
  DeleteSnapshot: DeleteSnapshotCommand,
  DeleteVolume: DeleteVolumeCommand,
  DeregisterImage: DeregisterImageCommand,
  RegisterImage: RegisterImageCommand,
  RunInstances: RunInstancesCommand,
  StartInstances: StartInstancesCommand,
  StopInstances: StopInstancesCommand,
  TerminateInstances: TerminateInstancesCommand,
} satisfies Record<Action, new (input: never) => unknown>;

/** A row for each call that an update would make, and one for those that cannot be asked about. */
export async function askDryRuns(plan: Plan, clients: Clients): Promise<Row[]> {
  const dryRuns = dryRunsOf(plan);
  const rows = await inTurns(dryRuns, (dryRun) => ask(dryRun, clients));
  return dryRuns.length === 0 ? rows : [...rows, notAsked(plan)];
}

async function ask(
  { action, input, what, migration, inPlace, standIn }: DryRun,
  clients: Clients,
): Promise<Row> {
  const row = { what, migrations: [migration] };
  const command = new (COMMANDS[action] as new (input: object) => Command)({ ...input, DryRun: true });
  try {
    await clients.ec2.send(command);
  } catch (error) {
    if ((error as Error).name === "DryRunOperation")
      return { ...row, answer: "yes", found: foundOf(action, inPlace) };
    if (isRefusal(error)) return unlessFor(standIn, await refused(row, error, clients), action);
    throw error;
  }
  // It has to refuse, or has really done it.
  throw new Error(
    `${action}: the endpoint did not answer a dry run as EC2 does (DryRunOperation). Ask EC2 itself.`,
  );
}

/**
 * Whether a missing right is missed for what stands in the place of a migration's own thing alone: of that the policies let
 * nobody use what carries no tag, and of the other they do. A rule that denies it, denies it of both.
 */
function unlessFor(standIn: string | undefined, row: Row, action: string): Row {
  const isForStandIn = standIn !== undefined && /no policy allows|no identity-based policy/.test(row.found);
  if (!isForStandIn || !row.found.includes(`/${standIn}`)) return row;
  return {
    ...{ what: row.what, migrations: row.migrations, answer: "unknown" },
    found: `the caller may not ${action} of ${standIn}, which stands in place of the migration's own`,
    advice: `Nothing where the caller has policies/up.json: it has ${action} for what carries a migration's tags, and ${standIn} carries none.`,
  };
}

function foundOf(action: Action, inPlace: string | undefined): string {
  return `${action} would be done${inPlace === undefined ? "" : `; ${inPlace}`}`;
}

/** An answer of EC2's, and not a failure to reach it or a caller that it does not know. */
function isRefusal(error: unknown): error is Ec2Refusal {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 500;
  return status >= 400 && status < 500 && !isUnknownCaller(error as Error);
}

function notAsked({ pieces }: Plan): Row {
  return {
    what: "what comes after",
    migrations: migrationsIn(pieces),
    answer: "unknown",
    found: "EC2 cannot be asked about what is still to be made",
    advice: `Hold the caller's policies against policies/up.json for ${NOT_ASKABLE.join(", ")}. Where a rule of the account asks for tags on images, see docs/ec2.md.`,
  };
}
