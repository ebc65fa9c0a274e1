/** The component as a program in another language knows it: by its package, and built by its provider. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { COMPONENT } from "../../provider/migrationProvider";

const require_ = createRequire(__filename);
const { version } = require_("../../package.json") as { version: string };
const OUTPUTS = ["imageId", "helperId", "plan", "conversionKey"];

/** What the class of a generated SDK is. */
export class RemoteMigration extends pulumi.ComponentResource {
  declare readonly imageId: pulumi.Output<string | undefined>;
  declare readonly helperId: pulumi.Output<string | undefined>;
  declare readonly plan: pulumi.Output<{ kernel: string } | undefined>;
  declare readonly conversionKey: pulumi.Output<string[]>;

  constructor(name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions = {}) {
    const outputs = Object.fromEntries(OUTPUTS.map((output) => [output, undefined]));
    super(COMPONENT, name, { ...inputs, ...outputs }, { version, ...options }, true);
  }
}

/**
 * Installs the provider of the package in `folder` as a plugin of this PULUMI_HOME: a script that starts it as Pulumi's
 * node host does, which loads the folder by the SDK's `run-plugin`.
 */
export function installProvider(home: string, folder: string): void {
  const target = join(home, "plugins", `resource-pv-to-hvm-v${version}`);
  mkdirSync(target, { recursive: true });
  const script = ["#!/bin/sh", `exec '${process.execPath}' '${runPlugin()}' '${folder}' "$@"`, ""].join("\n");
  writeFileSync(join(target, "pulumi-resource-pv-to-hvm"), script, { mode: 0o755 });
}

/** The SDK's program that Pulumi's node host starts for a package. */
function runPlugin(): string {
  return require_.resolve("@pulumi/pulumi/cmd/run-plugin");
}
