import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { remote } from "@pulumi/command";
import type { PvToHvmMigrationArgs } from "../args";
import { type Child, child } from "./child";
import { printed, printsSecretly } from "./confidential";
import { bootingConnection, isPrivate } from "./connection";
import { liveProgramPath, readBundle } from "../converterBundle";
import { type Dialled, tellOfDial } from "./dials";
import type { Findings } from "../findings/findings";
import { after, type Migration } from "../together/migration";
import type { RoleIn } from "../resources";
import { parseLiveReport } from "../report/liveReport";
import type { LiveSourceReport } from "../report/reportedSource";
import type { SourceConnectionArgs } from "../sourceArgs";
import { isDryPreparation } from "../sourceKind";
import { putProgramCommand, type Visit, VISIT_COMMAND, visitScript } from "./sourceScripts";
import { inspectionSeconds, preparationSeconds, SOURCE_DIAL_SECONDS } from "./timeouts";
import { type Reaching, whereabouts } from "./whereabouts";

/** What was found and done on a running source. */
export interface LiveVisit {
  inspection: pulumi.Output<LiveSourceReport>;
  preparation?: pulumi.Output<LiveSourceReport>;
  /** The last command of it: whatever comes after waits for it. */
  last: Child<VisitRole>;
}

/** What a command on the source is made with. */
interface Bench {
  migration: Migration;
  found: pulumi.Output<Findings>;
  connection: ReturnType<typeof connectionTo>;
}

type VisitRole = RoleIn<"look"> | "source-preparation";

/** A visit before it is known which families are asked for, and where the program was put. */
type PlannedVisit = Omit<Visit, "families" | "putAt"> & { putAt: pulumi.Output<string> };

/**
 * Puts the program on a running source, has it inspect that and, where asked for, prepare it. Each command ends with an error
 * where the source cannot be migrated, so that nothing after it is made.
 */
export function visitSource(
  migration: Migration,
  found: pulumi.Output<Findings>,
  login: SourceConnectionArgs,
): LiveVisit {
  const { path, digest } = readBundle(liveProgramPath());
  const bench: Bench = { migration, found, connection: connectionTo(migration, login) };
  const program = putProgram(bench, readFileSync(path, "utf8"), digest);
  const { args } = migration;
  const prepares = args.source.prepare === true;
  const seconds = inspectionSeconds();
  // Of the secret that it was given nothing is in what it printed.
  const putAt = printed(program);
  const inspect = runVisit(
    bench,
    "source-inspection",
    { command: "inspect", prepareNext: prepares, digest, putAt, seconds, isLast: !prepares },
    program,
  );
  const inspection = reportOf("inspect", inspect);
  if (!prepares || isDryPreparation(args)) return { inspection, last: inspect };
  const prepare = runVisit(bench, "source-preparation", preparing(args, digest, putAt), inspect);
  return { inspection, preparation: reportOf("prepare", prepare), last: prepare };
}

function preparing(args: PvToHvmMigrationArgs, digest: string, putAt: pulumi.Output<string>): PlannedVisit {
  const seconds = preparationSeconds(args);
  return { command: "prepare", digest, putAt, seconds, raisedBy: "timeouts.stepSeconds", isLast: true };
}

/**
 * Over standard input: an sshd of 2010 may have no sftp. As a secret, which it is not: a preview would print all of its
 * hundred kilobytes.
 */
function putProgram(bench: Bench, text: string, digest: string): Child<"source-program"> {
  const create = putProgramCommand(digest, Buffer.byteLength(text));
  const script = { create, stdin: pulumi.secret(text) };
  const program = command(bench, "source-program", script, []);
  tellOfDial(program, bench.connection, DIALLED, bench.migration.parent);
  return program;
}

const DIALLED: Dialled = {
  called: "the source",
  checkNetwork:
    "A security group of the instance has to let this machine reach its ssh port, and there has to be a way to it: its public " +
    "address, source.connection.jumpHost, or a VPN and source.connection.host.",
  checkLogin:
    "source.connection.user has to be a user of the instance, and its authorized_keys to have source.connection.privateKey.",
};

function runVisit(
  bench: Bench,
  role: VisitRole,
  visit: PlannedVisit,
  before: pulumi.Resource,
): Child<VisitRole> {
  const { guest } = bench.migration.args;
  const stdin = pulumi
    .all([guest?.families, visit.putAt])
    .apply(([families, putAt]) => visitScript({ ...visit, families, putAt }));
  return command(bench, role, { create: VISIT_COMMAND, stdin }, [before]);
}

function command(
  { migration, found, connection }: Bench,
  role: VisitRole,
  script: Pick<remote.CommandArgs, "create" | "stdin">,
  dependsOn: pulumi.Resource[],
): Child<VisitRole> {
  return child(
    migration,
    role,
    { connection, ...script },
    { dependsOn: after(found, dependsOn), ...printsSecretly(migration.args) },
  );
}

function reportOf(name: "inspect" | "prepare", command: Child<VisitRole>): pulumi.Output<LiveSourceReport> {
  return printed(command).apply((text) => parseLiveReport(name, text));
}

function connectionTo({ args, parent }: Migration, login: SourceConnectionArgs) {
  const { user, privateKey, hostKey, port = 22, jumpHost } = login;
  const id = pulumi.output(args.source.instanceId ?? "");
  const host = whereabouts({ id }, reaching(login), parent);
  const who = { port, user, hostKey, privateKey: pulumi.secret(privateKey) };
  return bootingConnection(host, who, jumpHost, SOURCE_DIAL_SECONDS);
}

function reaching(login: SourceConnectionArgs): Reaching {
  return {
    called: "the source",
    isPrivate: isPrivate(login),
    host: login.host,
    advice: {
      whenStopped: "Start it, and run pulumi up again",
      whenGone: "Give what is left of it, a snapshot of its root volume as source.snapshotId",
      withoutAddress: "Set source.connection.usePrivateAddress, or source.connection.host",
    },
  };
}
