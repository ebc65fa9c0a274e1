/**
 * One operation of the engine in a process of its own, which a scenario can kill with everything that belongs to it.
 * usage: node runner.cjs REQUEST.json, with descriptor 3 open for what it has to tell (`request.ts`).
 */
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import type * as Component from "../../components";
import type { LocalCloud } from "../../local/prepare";
import { selectStack } from "../../local/stack";
import { type Listeners, operationOf } from "../end-to-end/run";
import type { Message, Request } from "./request";

const TOLD = 3;

async function main(): Promise<void> {
  const request = JSON.parse(readFileSync(process.argv[2], "utf8")) as Request;
  const { workDir, stackName } = request;
  const stack = await selectStack(request.local as LocalCloud, {
    workDir,
    stackName,
    program: programOf(request),
  });
  await stack.setConfig("aws:region", { value: "us-east-1" });
  await operate(stack, request);
}

function operate(stack: Stack, { operation, options }: Request): Promise<unknown> {
  const listeners: Listeners = {
    onOutput: (text) => tell({ kind: "text", text }),
    onEvent: (event) => {
      const began = operationOf(event);
      if (began !== undefined) tell({ kind: "operation", operation: began });
    },
  };
  const { continueOnError, refresh, target } = options;
  const asked = { ...listeners, refresh, target };
  const operations = {
    up: () => stack.up({ ...asked, continueOnError }),
    preview: () => stack.preview({ ...asked, diff: true }),
    refresh: () => stack.refresh({ ...listeners, target }),
    destroy: () => stack.destroy({ ...asked, continueOnError }),
  };
  return operations[operation]();
}

/** A stack program as users write it, with the component of the package that was asked for. */
function programOf({ package: folder, migrations, options }: Request): PulumiFn {
  return async () => {
    const { PvToHvmMigration } = createRequire(join(folder, "package.json"))(
      "./dist/components/index.js",
    ) as typeof Component;
    return Object.fromEntries(
      Object.entries(migrations).map(([name, args]) => {
        const former = options.formerNames?.[name];
        const migration = new PvToHvmMigration(name, args, former ? { aliases: [{ name: former }] } : {});
        const { imageId, snapshotId, instanceId, bootProof, report, plan } = migration;
        return [name, { imageId, snapshotId, instanceId, bootProof, report, plan }];
      }),
    );
  };
}

/** At once, so that nothing that was told is lost with a killed process. */
function tell(message: Message): void {
  writeSync(TOLD, `${JSON.stringify(message)}\n`);
}

main().then(
  () => tell({ kind: "end" }),
  (error: Error) => tell({ kind: "end", error: error.message }),
);
