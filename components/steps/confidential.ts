import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import type { Child } from "./child";
import { orUnknown } from "../known";

type Asked = Pick<PvToHvmMigrationArgs, "secretReports">;

/** For a command that prints a report: what it has printed is a secret where that is asked for. No change to the command itself. */
export function printsSecretly({ secretReports }: Asked): pulumi.CustomResourceOptions {
  return secretReports ? { additionalSecretOutputs: ["stdout"] } : {};
}

/**
 * What a command has printed, as no secret: what is made of it besides the reports is none, and would else be one, an image's id
 * among it.
 */
export function printed({ stdout }: Child<"inspect">): pulumi.Output<string> {
  return pulumi.unsecret(orUnknown(stdout));
}

/** A report as an output, a secret where that is asked for. */
export function reported<T>({ secretReports }: Asked, report: pulumi.Output<T>): pulumi.Output<T> {
  return secretReports ? (pulumi.secret(report) as unknown as pulumi.Output<T>) : report;
}
