import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import type { BootProof } from "../steps/bootProof";
import { reported } from "../steps/confidential";
import { publish } from "../steps/image";
import { launch } from "../steps/launch";
import { keepPublished } from "../published/guard";
import { isWorkbenchRemoved } from "../asked";
import { describeMigration, type Migration } from "../together/migration";
import { settled } from "../known";
import { find } from "../findings/findings";
import { thisProgram } from "../lookups/run";
import { madeInEc2 } from "../published/made";
import { recallPublished } from "../published/recall";
import { recordedInputs } from "./recordedInputs";
import type { Candidate } from "../together/candidate";
import { explain } from "../published/reason";
import { conversionPlan, conversionReport } from "../report/report";
import type { ConversionPlan, ConversionReport } from "../report/reported";
import type { SourceReport } from "../report/reportedSource";
import { checkEverything } from "../checks/validate";
import { convertSource, type Converted, recallConversion } from "../steps/workbench";
import { withoutStacks } from "../withoutStacks";

/**
 * Migrates a paravirtual (PV) EC2 image to HVM, and publishes an image only after it has seen it boot.
 *
 * The smallest migration names the source, the helper's subnet and the addresses that may reach it:
 *
 * ```ts
 * const migration = new PvToHvmMigration("web", {
 *   source: { imageId: "ami-0123456789abcdef0" },
 *   helper: {
 *     subnetId: "subnet-0123456789abcdef0",
 *     allowedCidrs: ["203.0.113.7/32"], // put your own address here
 *   },
 * });
 * export const imageId = migration.imageId;
 * ```
 *
 * `until: "inspect"` is the dry run: facts, plan and diffs, and nothing is written. With `launch` it starts an instance of the
 * new image. With `launch.connection` the instance has to prove which disk it runs from.
 *
 * It makes two key pairs, a security group, a helper, two volumes, one command for each step of the conversion, a snapshot, an
 * image and, with `launch`, an instance. While it works you pay for the helper and both volumes. Afterwards the helper is
 * stopped and you pay only for its volumes, or for nothing with `workbench: "removed"`. If the source is a volume or an
 * instance, it takes a snapshot, which is deleted with the workbench. It never writes to the source, unless you set
 * `source.prepare`.
 */
export class PvToHvmMigration extends pulumi.ComponentResource {
  /**
   * The new image. Resolves after the last proof that you asked for. Undefined if `until` stops before.
   */
  public readonly imageId: pulumi.Output<string | undefined>;
  /**
   * The snapshot behind the new image.
   */
  public readonly snapshotId: pulumi.Output<string | undefined>;
  /**
   * The launched instance, after its boot proof.
   */
  public readonly instanceId: pulumi.Output<string | undefined>;
  /**
   * Its address, as `launch.connection` reaches it: the public one, unless you asked for the private one.
   */
  public readonly instanceAddress: pulumi.Output<string | undefined>;
  /**
   * The helper, known when its work is done and it is stopped. Give it to `helper.waitFor` of another migration. Undefined once
   * the workbench is removed.
   */
  public readonly helperId: pulumi.Output<string | undefined>;
  /**
   * What was found and changed. Undefined once the workbench is removed; the guest has its own copy.
   */
  public readonly report: pulumi.Output<ConversionReport | undefined>;
  /**
   * What the inspection decided to change. Undefined once the workbench is removed.
   */
  public readonly plan: pulumi.Output<ConversionPlan | undefined>;
  /**
   * What the launched instance reported about itself.
   */
  public readonly bootProof: pulumi.Output<BootProof | undefined>;
  /**
   * What was found about the source: its volumes, its snapshot's consistency, and, with `source.connection`, the results of the
   * inspection in place and of the preparation. Undefined once the workbench is removed.
   */
  public readonly sourceReport: pulumi.Output<SourceReport | undefined>;
  /**
   * The conversion's key: `name=value` of each input that shapes its result.
   */
  public readonly conversionKey: pulumi.Output<string[]>;

  constructor(name: string, args: PvToHvmMigrationArgs, opts?: pulumi.ComponentResourceOptions) {
    const candidate = thisProgram().enter(name, checkEverything(name, args));
    const inputs = candidate.isWrong ? {} : recordedInputs(args);
    described.set(inputs, { candidate, name, args, aliases: opts?.aliases });
    // Neither it nor a child is registered before everything about all of the program's migrations is right.
    const dependsOn = pulumi.output(candidate.begins.then(() => opts?.dependsOn ?? [])) as pulumi.Output<
      pulumi.Resource[]
    >;
    super("pv-to-hvm:index:PvToHvmMigration", name, inputs, { ...opts, dependsOn });

    const made = this.getData() as Promise<Outputs>;
    const output = <K extends keyof Outputs>(key: K) =>
      pulumi.output(made.then((all) => all[key])) as unknown as Outputs[K];
    this.imageId = output("imageId");
    this.snapshotId = output("snapshotId");
    this.instanceId = output("instanceId");
    this.instanceAddress = output("instanceAddress");
    this.helperId = output("helperId");
    this.bootProof = output("bootProof");
    this.report = output("report");
    this.plan = output("plan");
    this.sourceReport = output("sourceReport");
    this.conversionKey = output("conversionKey");
  }

  /** Looks everything up, and makes the children once that and everything else that the program describes is right. */
  protected override async initialize(inputs: pulumi.Inputs): Promise<unknown> {
    const { candidate, name, args, aliases } = described.get(inputs)!;
    hideUntil(candidate, this);
    if (candidate.isWrong) return candidate.begins;
    const migration = describeMigration(name, args, this, candidate, aliases, madeInEc2(this));
    const convert = lookUp(migration);
    await candidate.begins;
    const outputs = withoutStacks(() => migrate(migration, convert));
    this.registerOutputs(outputs as unknown as pulumi.Inputs);
    void settled(pulumi.output(outputs)).then(candidate.end);
    return outputs;
  }
}

const candidates = new WeakMap<pulumi.Resource, Candidate>();

/** Resolves when a migration may begin, and rejects where something is wrong: for who makes it for another language's program. */
export async function untilJudged(migration: PvToHvmMigration): Promise<void> {
  await candidates.get(migration)?.gate;
}

/** What the constructor hands to `initialize`, which its superclass calls. */
const described = new WeakMap<pulumi.Inputs, Described>();

interface Described {
  candidate: Candidate;
  name: string;
  args: PvToHvmMigrationArgs;
  aliases: pulumi.ComponentResourceOptions["aliases"];
}

/** The component's outputs. */
type Outputs = Pick<
  PvToHvmMigration,
  | "imageId"
  | "snapshotId"
  | "instanceId"
  | "instanceAddress"
  | "helperId"
  | "report"
  | "plan"
  | "bootProof"
  | "sourceReport"
  | "conversionKey"
>;

/** Begins the look-ups. Gives what makes of them what can be published. */
function lookUp(migration: Migration): () => Converted {
  if (!isWorkbenchRemoved(migration.args)) {
    const found = find(migration);
    return () => convertSource(migration, found);
  }
  const recalled = recallPublished(migration);
  return () => recallConversion(recalled);
}

/** The seven steps. */
function migrate(migration: Migration, convert: () => Converted): Outputs {
  const { args } = migration;
  // Steps 1 to 5: GRUB for the source, helper, volumes, duplicate, configuration.
  const { checked, reports, ready, sourceReport, helperId } = convert();
  // Step 6: snapshot and image.
  const published = ready && publish(migration, ready);
  // Step 7: launch.
  const launched = published && args.launch && launch(migration, args.launch, published);

  // Whoever uses the image waits for the last proof that was asked for.
  const all = [
    ready?.made,
    published?.snapshot.id,
    published?.imageId,
    launched?.instance.id,
    launched?.bootProof,
  ];
  const proofs = pulumi.all([
    checked,
    ...all,
    keepPublished(migration, [reports, ...all]),
    explain(migration),
  ]);
  const proven = (id?: pulumi.Output<string>) => pulumi.all([id, proofs]).apply(([value]) => value);
  return {
    imageId: proven(published?.imageId),
    snapshotId: proven(published?.snapshot.id),
    instanceId: proven(launched?.instance.id),
    instanceAddress: proven(launched?.address),
    helperId,
    bootProof: pulumi.all([launched?.bootProof, checked]).apply(([proof]) => proof),
    report: reported(
      args,
      pulumi.all([reports?.apply(conversionReport), checked]).apply(([made]) => made),
    ),
    plan: reported(
      args,
      pulumi.all([reports?.apply(conversionPlan), checked]).apply(([made]) => made),
    ),
    sourceReport: reported(
      args,
      pulumi.all([sourceReport, checked]).apply(([made]) => made),
    ),
    conversionKey: pulumi.all(migration.key),
  };
}

/**
 * A resource that is never registered never gets a URN either, and whoever has it for a parent would wait without end. This
 * way it is told.
 */
function hideUntil(candidate: Candidate, resource: pulumi.Resource): void {
  const { urn } = resource;
  candidate.known = settled(urn);
  candidates.set(resource, candidate);
  Object.assign(resource, { urn: pulumi.output(candidate.begins.then(() => urn)) });
}
