import * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/command";
import type { StepReport } from "../../converter/types";
import type { Access } from "./access";
import type { HelperArgs, PvToHvmMigrationArgs } from "../args";
import { type Child, child } from "./child";
import { printed } from "./confidential";
import { bootingConnection, isPrivate } from "./connection";
import { Workbench } from "../enums";
import type { Findings } from "../findings/findings";
import { orUnknown } from "../known";
import { after, type Migration, namedTags } from "../together/migration";
import type { RoleIn } from "../resources";
import { waitsForHelper } from "../sourceKind";
import { helperSeconds } from "./timeouts";
import { helperUserData } from "./userData";
import type { Volumes } from "./volumes";
import { wayOutOf } from "./wayOut";
import { type Reaching, whereabouts } from "./whereabouts";

/** The helper, and how it is reached. */
export interface Helper {
  instance: Child<"helper">;
  connection: pulumi.Output<types.input.remote.ConnectionArgs>;
}

/**
 * Starts the helper. It depends on the volumes so that it is deleted before them: EC2 deletes no volume that is attached to a
 * running instance. A helper that a source waits for to be stopped comes before the source volume; that one
 * is detached before it is deleted (`attachVolumes`).
 */
export function createHelper(
  migration: Migration,
  found: pulumi.Output<Findings>,
  access: Access,
  volumes: Volumes,
): Child<"helper"> {
  const { args } = migration;
  return child(
    migration,
    "helper",
    {
      ami: found.helper.imageId,
      instanceType: found.helper.instanceType,
      subnetId: args.helper.subnetId,
      vpcSecurityGroupIds: [access.group.id],
      associatePublicIpAddress: !isPrivate(args.helper),
      userData: userDataFor(access, args.helper),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      // The types of pulumi-aws 7.20 have no undefined here; it is left out like every argument that is undefined.
      cpuOptions: found.helper.apply(({ nestedVirtualization }) =>
        nestedVirtualization ? { nestedVirtualization: "enabled" } : undefined,
      ) as pulumi.Output<{ nestedVirtualization: string }>,
      rootBlockDevice: {
        encrypted: true,
        volumeType: "gp3",
        volumeSize: found.helper.rootSizeGb,
        tags: namedTags(migration, "helper-root"),
      },
    },
    {
      dependsOn: after(
        found,
        waitsForHelper(args) ? [volumes.destination] : [volumes.source, volumes.destination],
      ),
    },
  );
}

/** What starts the helper or stops it, by its role. Each is a resource of its own: one that is made does it. */
export type HelperState = "workbench" | RoleIn<"pause">;

/** Starts the helper, or stops it. */
export function setHelperState(
  migration: Migration,
  helper: Child<"helper">,
  role: HelperState,
  state: typeof Workbench.Running | typeof Workbench.Stopped,
  dependsOn: pulumi.Output<pulumi.Resource[]>,
): Child<HelperState> {
  return child(migration, role, { instanceId: helper.id, state }, { dependsOn });
}

function userDataFor({ clientKey, hostKey }: Access, helper: HelperArgs): pulumi.Output<string> {
  const keys = [hostKey.privateKeyOpenssh, hostKey.publicKeyOpenssh, clientKey.publicKeyOpenssh];
  return pulumi
    .all([pulumi.all(keys.map(orUnknown)), wayOutOf(helper)])
    .apply(([[privateKey, publicKey, authorizedKey], { proxy, mirror }]) =>
      pulumi.secret(helperUserData({ hostKey: { privateKey, publicKey }, authorizedKey, proxy, mirror })),
    );
}

/** Reaches the helper where it is now. `started`: what starts it before, if anything does. */
export function connectToHelper(
  instance: Child<"helper">,
  { args, parent }: Migration,
  { clientKey, hostKey }: Access,
  started: pulumi.Output<pulumi.Resource[]>,
): Helper["connection"] {
  const host = whereabouts(instance, reaching(args), parent, [idsOf(started)]);
  const login = {
    user: "root",
    privateKey: pulumi.secret(clientKey.privateKeyOpenssh),
    hostKey: orUnknown(hostKey.publicKeyOpenssh).apply((key) => key.trim()),
  };
  return bootingConnection(host, login, args.helper.jumpHost, helperSeconds(args));
}

/**
 * The helper as it is known from its first step on: by the host key that it has made for itself, and that this step has reported over
 * a connection which pinned the one of the user data. Where another helper has taken its place, and where an earlier version
 * made it, that one goes on counting.
 */
export function knownByOwnKey({ instance, connection }: Helper, firstStep: Child<"inspect">): Helper {
  const known = pulumi.all([connection, instance.id, printed(firstStep)]);
  const byOwnKey = known.apply(([login, id, said]) => ({
    ...login,
    hostKey: ownHostKey(said, id) ?? login.hostKey,
  }));
  return { instance, connection: byOwnKey as Helper["connection"] };
}

/** What the first step's report says of an instance's own host key; undefined where it says nothing of it. Pure. */
export function ownHostKey(report: string, instanceId: string): string | undefined {
  const { helper } = (readJson(report) ?? {}) as Partial<StepReport>;
  const isIts = helper?.instanceId === instanceId && /^ecdsa-sha2-nistp256 [\w+/=]+$/.test(helper.hostKey);
  return isIts ? helper.hostKey : undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever reads the report for what it says tells what is wrong with it.
    return undefined;
  }
}

/** Known once they are made. */
export function idsOf(resources: pulumi.Output<pulumi.Resource[]>): pulumi.Output<unknown> {
  return resources.apply((all) => pulumi.all(all.map((each) => (each as pulumi.CustomResource).id)));
}

function reaching({ helper, workbench }: PvToHvmMigrationArgs): Reaching {
  const start =
    workbench === Workbench.Running ? "Run pulumi up --refresh, which starts it" : "Set workbench to running";
  return {
    called: "the helper",
    isPrivate: isPrivate(helper),
    advice: {
      whenStopped: `${start} to go on from this step, or set a new revision to convert anew on another helper`,
      whenGone: "Run pulumi up --refresh to go on with another helper, or set a new revision to convert anew",
      withoutAddress: "Set helper.usePrivateAddress, or a new revision for a helper that has one",
    },
  };
}
