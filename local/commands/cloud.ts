/** `npm run cloud`: the local cloud for a hand-driven `pulumi up`; `-- list` shows what it holds, `-- empty` empties it. */
import { dirname, join } from "node:path";
import { Cloud } from "../cloud/cloud";
import { empty } from "../cloud/empty";
import { list, type Row } from "../cloud/inventory";
import { otherRegions } from "../cloud/regions";
import { useSeededToolbox } from "../cloud/seed";
import { ec2Daemon } from "../ec2Api/daemon";
import { hasNodeLanguageHost } from "../engine/engine";
import { prepareLocalCloud, type LocalCloud } from "../prepare";
import { consoleActionUsages, performConsoleAction, isConsoleAction } from "./consoleActions";
import { serveApi } from "./cloudApi";
import { giveAway, setProductCodes } from "./cloudImages";
import { addFault, showFaults } from "./cloudFaults";
import { quotaCommand } from "./cloudQuotas";
import { foreignDisks } from "./cloudForeignDisks";
import { launchSource } from "./launchSource";
import { projectRoot } from "./project";
import { runPulumi } from "./pulumi";
import { rights } from "./cloudRights";
import { ensureRoot } from "./root";

const USAGE = `usage: npm run cloud               prepare it, print the environment for pulumi
       npm run cloud -- pulumi …   Pulumi's command on it: preview, up, stack, config, destroy …
       npm run cloud -- list       what it holds
       npm run cloud -- empty      end every machine, remove everything
       npm run cloud -- launch-source
                                   start a paravirtual machine, to be named in source.instanceId
       npm run cloud -- api [PORT] answer EC2's query API until Ctrl-C, at a port of one's own choice
       npm run cloud -- foreign-disks [allow|refuse]
                                   whether instances start from disks that you have put into its folder s3
by hand, as in EC2's console:
${consoleActionUsages()
  .map((usage) => `       npm run cloud -- ${usage}`)
  .join("\n")}
what others have made:
       npm run cloud -- product-codes ami-… [CODE…]
                                   AWS Marketplace bills what is launched of it; without codes it does not any more
       npm run cloud -- give-away ami-…
                                   another account's image from now on, shared with this one without its snapshots
EC2's bad days:
       npm run cloud -- fault ACTION CODE [--times N] [--message TEXT]
                                   the next calls of an action fail: fault RunInstances InsufficientInstanceCapacity
       npm run cloud -- faults [clear]
       npm run cloud -- quota [CODE VALUE]
                                   the account's quotas, or another value of one: quota L-1216C47A 16
rights:
       npm run cloud -- rights CALLER FILE…
                                   an access key, or a role, may do what these IAM policies say: rights ci policies/up.json
       npm run cloud -- rights     who has which; rights CALLER --all takes them back`;

async function main(): Promise<void> {
  const [command = "prepare", ...rest] = process.argv.slice(2);
  if (["--help", "-h", "help"].includes(command)) return console.log(USAGE);
  await ensureRoot({ engine: ["prepare", "pulumi"].includes(command) });
  const root = projectRoot();
  const directory = process.env.PV_TO_HVM_CLOUD ?? join(root, ".cache", "cloud");
  useSeededToolbox(directory);
  switch (command) {
    case "prepare":
      return prepare(root, directory, rest.includes("--json"));
    case "pulumi":
      process.exitCode = await runPulumi(root, directory, rest);
      return;
    case "list":
      return printAll(directory);
    case "empty":
      await empty(new Cloud(directory));
      return console.log(`Nothing is left in ${directory}.`);
    case "launch-source":
      return launchSource(root, directory);
    case "api":
      return serveApi(directory, rest);
    case "product-codes":
      return console.log(await setProductCodes(new Cloud(directory), rest));
    case "give-away":
      return console.log(await giveAway(new Cloud(directory), rest));
    case "fault":
      return console.log(await addFault(new Cloud(directory), rest));
    case "faults":
      return (await showFaults(new Cloud(directory), rest)).forEach((line) => console.log(line));
    case "quota":
      return (await quotaCommand(new Cloud(directory), rest)).forEach((line) => console.log(line));
    case "foreign-disks":
      return console.log(await foreignDisks(new Cloud(directory), rest));
    case "rights":
      return (await rights(new Cloud(directory), rest)).forEach((line) => console.log(line));
    default:
      if (isConsoleAction(command))
        return console.log(await performConsoleAction(new Cloud(directory), command, ...rest));
      console.error(`cloud: unknown command "${command}".\n${USAGE}`);
      process.exitCode = 2;
  }
}

async function prepare(root: string, directory: string, json: boolean): Promise<void> {
  const local = await prepareLocalCloud({
    root,
    directory,
    usersAws: true,
    log: (line) => console.error(`[set-up] ${line}`),
  });
  const env = {
    ...local.env,
    PV_TO_HVM_CLOUD: directory,
    PV_TO_HVM_TOOLBOX: local.images.helper,
    PV_TO_HVM_HELPER_IMAGE: local.images.helper,
    PV_TO_HVM_SAMPLE_IMAGE: local.images.sample,
  };
  if (json) return console.log(JSON.stringify(env, null, 2));
  await ec2Daemon(directory, { stays: true });
  await explain(local);
}

/** What a person sets and types. */
async function explain(local: LocalCloud): Promise<void> {
  console.log("The local cloud is ready. Set this in your shell:\n");
  const variables = Object.entries(local.env).filter(([name]) => name !== "PATH");
  for (const [name, value] of variables) console.log(`  export ${name}='${value}'`);
  console.log(`  export PATH="${dirname(local.engine.pulumi)}:$PATH"`);
  console.log(`\nThe engine: ${local.engine.pulumi} (${local.engine.version}, ${local.engine.from})`);
  for (const { name, from } of local.plugins) console.log(`  provider ${name}: ${from}`);
  console.log("\nThen, as root: pulumi stack select --create local && pulumi up");
  if (!(await hasNodeLanguageHost(local.engine)))
    console.log(
      "This engine has no node language host (it comes with Pulumi's official download), so here `pulumi preview` and\n" +
        "`pulumi up` need one of this project's own. Say `npm run cloud -- pulumi` in place of `pulumi`.",
    );
  console.log(
    "\nAWS' own command and its SDKs work on it with the same settings: aws ec2 describe-images --owners self\n" +
      `EC2's API answers at ${local.ec2.url} until 8 hours after its last request; \`npm run cloud\` starts it again there.`,
  );
}

/** What the first region holds, and under its name what each other one does. */
async function printAll(directory: string): Promise<void> {
  printRows(await list(new Cloud(directory)));
  for (const other of otherRegions(directory)) {
    const rows = await list(other);
    if (rows.length === 0) continue;
    console.log(`\n${other.region}:`);
    printRows(rows);
  }
}

function printRows(rows: Row[]): void {
  if (rows.length === 0) return console.log("The local cloud is empty.");
  const columns = Object.keys(rows[0]) as (keyof Row)[];
  const width = (column: keyof Row) => Math.max(...rows.map((row) => row[column].length), column.length);
  const line = (cell: (column: keyof Row) => string) =>
    console.log(
      columns
        .map((column) => cell(column).padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    );
  line((column) => column.toUpperCase());
  rows.forEach((row) => line((column) => row[column]));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
