/** Step `verify`: reads the result again from the disk's first byte on, without trusting the steps before. */
import { compareBootLoader, makeBootLoader } from "../boot/grubCore";
import { withDisk } from "../disk/bytes";
import { checkHealth } from "../disk/filesystem/health";
import { readDisk } from "../disk/parts";
import { withMappedDevice } from "../disk/extents";
import { FailedError } from "../errors";
import { GuestDevices } from "../guest/devices";
import { filesystemsOf, extentsOfFilesystem } from "../guest/mounts";
import type { Check, DiskFacts, DiskRecord, Plan, StepReport } from "../types";
import type { ConversionContext } from "./context";
import { withCopy } from "./copyOf";
import { checkTable } from "./diskChecks";
import { checkGuest } from "./guestChecks";
import { planForCopy } from "./inspect";
import { type StepResult, runStep } from "./step";

/** Verifies the converted disk. Throws `FailedError` with every check that failed. */
export function verify(context: ConversionContext): Promise<StepReport> {
  return runStep("verify", context, (record) => verifyDisk(context, record));
}

async function verifyDisk(context: ConversionContext, { plan }: DiskRecord): Promise<StepResult> {
  const { destination, runner } = context;
  context.log("reading the result again");
  const disk = await readDisk(destination.path, destination.sizeBytes, runner);
  const checks = [
    ...checkTable(disk, plan.destination),
    ...(await checkBootLoader(context, plan)),
    ...(await checkFilesystems(context, disk)),
    ...(await checkFiles(context, disk)),
  ];
  const failed = checks.filter((check) => !check.ok);
  if (failed.length > 0) {
    throw new FailedError(
      `verify: ${failed.length} of ${checks.length} checks failed; start again with a blank destination:\n${failed.map(({ name, seen }) => `  not ok: ${name} (seen: ${seen})`).join("\n")}`,
    );
  }
  return { outcome: "NOCHANGE", summary: `${checks.length} checks, all well`, checks };
}

async function checkBootLoader({ destination, runner }: ConversionContext, plan: Plan): Promise<Check[]> {
  const expected = await makeBootLoader(plan.boot, runner);
  return withDisk(destination.path, "read", (disk) => compareBootLoader(disk, expected, plan.destination));
}

type Layout = Pick<DiskFacts, "parts" | "tableId">;

async function checkFilesystems(
  { destination, runner }: ConversionContext,
  { parts }: Layout,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const one of filesystemsOf(parts)) {
    const { part, logicalVolume, filesystem } = one;
    const extents = extentsOfFilesystem({ path: destination.path, parts }, one);
    const { health, said } = await withMappedDevice(extents, true, runner, (device) =>
      checkHealth(device, filesystem, runner),
    );
    checks.push({
      name: `the ${filesystem.type} filesystem on ${logicalVolume ?? `partition ${part}`} is clean`,
      ok: health === "clean",
      seen: health === "clean" ? filesystem.uuid : said.join("; ") || String(health),
    });
  }
  return checks;
}

function checkFiles(context: ConversionContext, { parts, tableId }: Layout): Promise<Check[]> {
  return withCopy(context, true, async (copy) => {
    const { facts, plan } = await planForCopy(copy, context);
    const { tree, mounts } = copy;
    return checkGuest({
      guest: facts.guest,
      remaining: plan,
      devices: new GuestDevices({ parts, tableId }, mounts),
      root: mounts[0],
      menu: tree.read(facts.guest.bootFile.resolvedPath) ?? "",
      fstab: tree.read("/etc/fstab") ?? "",
      exists: (path) => tree.exists(path),
    });
  });
}
