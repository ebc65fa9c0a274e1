import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "./args";
import type { BootProof } from "./steps/bootProof";
import { checkBundle, checkLiveProgram } from "./steps/converterBundle";
import { publish } from "./steps/image";
import { launch } from "./steps/launch";
import { keepPublished } from "./published/guard";
import { describeMigration, isWorkbenchRemoved } from "./migration";
import { problemsError } from "./checks/problems";
import { explain } from "./published/reason";
import { conversionPlan, conversionReport } from "./report/report";
import type { ConversionPlan, ConversionReport } from "./report/reported";
import type { SourceReport } from "./report/reportedSource";
import { checkArgs } from "./checks/validate";
import { convertSource, recallConversion } from "./steps/workbench";

/**
 * Migrates a paravirtual (PV) EC2 image to HVM, and publishes no image that it has not seen boot.
 *
 * The smallest migration names what is migrated, where the helper runs and who may reach it:
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
 * `until: "inspect"` is the dry run: facts, plan and diffs, and nothing written. With `launch` an instance of the new
 * image is started; with `launch.connection` it has to prove what it runs from.
 *
 * It makes two key pairs, a security group, a helper, two volumes, one command a step of the conversion, a snapshot, an
 * image and, where asked for, an instance. While it works it costs the helper and both volumes; afterwards the helper is
 * stopped and costs its volumes only, or nothing with `workbench: "removed"`. Of a volume or an instance it takes a
 * snapshot, which goes with the workbench. The source is never written, unless `source.prepare` asks for that.
 */
export class PvToHvmMigration extends pulumi.ComponentResource {
  /**
   * The new image. Resolves after the last proof that was asked for; undefined where `until` stops before.
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
   * Its address, as `launch.connection` reaches it: the public one unless a private one was asked for.
   */
  public readonly instanceAddress: pulumi.Output<string | undefined>;
  /**
   * The helper, once its work is done and it is at rest: what `helper.waitFor` of another migration takes. Undefined once
   * the workbench is removed.
   */
  public readonly helperId: pulumi.Output<string | undefined>;
  /**
   * What was found and changed. Undefined once the workbench is removed; the guest keeps its own copy.
   */
  public readonly report: pulumi.Output<ConversionReport | undefined>;
  /**
   * What the inspection decided to change. Undefined once the workbench is removed.
   */
  public readonly plan: pulumi.Output<ConversionPlan | undefined>;
  /**
   * What the launched instance said of itself.
   */
  public readonly bootProof: pulumi.Output<BootProof | undefined>;
  /**
   * What was found of the source: its volumes, how consistent the snapshot of it is, and, with `source.connection`, what the
   * inspection in place found and the preparation did. Undefined once the workbench is removed.
   */
  public readonly sourceReport: pulumi.Output<SourceReport | undefined>;
  /**
   * What makes this conversion this one: `name=value` of each input that shapes its result.
   */
  public readonly conversionKey: pulumi.Output<string[]>;

  constructor(name: string, args: PvToHvmMigrationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pv-to-hvm:index:PvToHvmMigration", name, validated(name, args), opts);

    const migration = describeMigration(name, args, this, opts?.aliases);
    // Steps 1 to 5: GRUB for the source, helper, volumes, duplicate, configuration.
    const { checked, reports, ready, sourceReport, helperId } = isWorkbenchRemoved(args)
      ? recallConversion(migration)
      : convertSource(migration);
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
    this.imageId = proven(published?.imageId);
    this.snapshotId = proven(published?.snapshot.id);
    this.instanceId = proven(launched?.instance.id);
    this.instanceAddress = proven(launched?.address);
    this.bootProof = pulumi.all([launched?.bootProof, checked]).apply(([proof]) => proof);
    this.helperId = helperId;
    this.report = pulumi.all([reports?.apply(conversionReport), checked]).apply(([made]) => made);
    this.plan = pulumi.all([reports?.apply(conversionPlan), checked]).apply(([made]) => made);
    this.sourceReport = pulumi.all([sourceReport, checked]).apply(([made]) => made);
    this.conversionKey = pulumi.all(migration.key);
    this.registerOutputs({
      imageId: this.imageId,
      snapshotId: this.snapshotId,
      instanceId: this.instanceId,
      instanceAddress: this.instanceAddress,
      helperId: this.helperId,
      bootProof: this.bootProof,
      report: this.report,
      plan: this.plan,
      sourceReport: this.sourceReport,
      conversionKey: this.conversionKey,
    });
  }
}

/**
 * The arguments, once everything about them that can be judged without EC2 is right. They are recorded as the
 * component's inputs, so private keys in them are marked secret.
 */
function validated(name: string, args: PvToHvmMigrationArgs): pulumi.Inputs {
  const problems = [...checkArgs(name, args), ...checkBundle(), ...checkLiveProgram(args)];
  if (problems.length > 0) throw problemsError(name, problems);
  // What others do is no input of this migration: it would be a change, and nothing could be registered before.
  const helper = { ...args.helper, waitFor: undefined };
  const source = { ...args.source, connection: withSecretKeys(args.source.connection) };
  const { launch: launchArgs } = args;
  const connection = withSecretKeys(launchArgs?.connection);
  return {
    ...args,
    source,
    helper: withSecretKeys(helper),
    launch: launchArgs && { ...launchArgs, connection },
  };
}

type WithKeys = { privateKey?: pulumi.Input<string>; jumpHost?: WithKeys };

function withSecretKeys<T extends WithKeys | undefined>(args: T): T {
  if (!args) return args;
  const key = args.privateKey === undefined ? {} : { privateKey: pulumi.secret(args.privateKey) };
  const jumpHost = args.jumpHost === undefined ? {} : { jumpHost: withSecretKeys(args.jumpHost) };
  return { ...args, ...key, ...jumpHost };
}
