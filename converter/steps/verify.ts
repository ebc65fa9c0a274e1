/** Step `verify`: reads the result again from the disk's first byte on, without trusting the steps before. */
import { makeBootLoader } from "../boot/grubCore";
import { readAt, withDisk } from "../disk/bytes";
import { readSuperblock } from "../disk/filesystem";
import { withLoop } from "../disk/loop";
import { withFilesystem } from "../disk/mount";
import { PARTITION_OFFSET } from "../disk/sizes";
import { FailedError } from "../errors";
import { GuestTree } from "../guest/tree";
import type { Check, DiskRecord, FilesystemFacts, Plan, StepReport } from "../types";
import { type ConversionContext, partitionWindow } from "./context";
import { checkGap } from "./diskChecks";
import { checkGuest } from "./guestChecks";
import { planFromTree } from "./inspect";
import { type StepResult, nameOf, runStep } from "./step";

const CHECK_TIMEOUT = 4 * 3600;

/** Verifies the converted disk. Throws `FailedError` with every check that failed. */
export function verify(context: ConversionContext): Promise<StepReport> {
  return runStep("verify", context, (record) => verifyDisk(context, record));
}

async function verifyDisk(context: ConversionContext, { plan }: DiskRecord): Promise<StepResult> {
  context.log("reading the result again");
  const filesystem = await checkFilesystem(context, plan);
  const checks = [
    ...(await checkBootLoader(context, plan)),
    ...filesystem.checks,
    ...(await checkFiles(context, filesystem.superblock)),
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
  const gap = await withDisk(destination.path, "read", (disk) => readAt(disk, 0, PARTITION_OFFSET));
  return checkGap(gap, expected);
}

type Superblock = Omit<FilesystemFacts, "health">;

async function checkFilesystem(
  { destination, runner }: ConversionContext,
  plan: Plan,
): Promise<{ superblock: Superblock; checks: Check[] }> {
  return withLoop(partitionWindow(destination, true), runner, async (device) => {
    const superblock = await readSuperblock(device, runner);
    const options = {
      purpose: "checking the copy's filesystem",
      timeoutSeconds: CHECK_TIMEOUT,
      accept: [0, 4, 8, 12],
    };
    const { exitCode } = await runner(["e2fsck", "-fn", device], options);
    const checks: Check[] = [
      {
        name: "the filesystem is the one that GRUB searches for",
        ok: superblock.uuid === plan.boot.filesystemUuid,
        seen: superblock.uuid,
      },
      { name: "the filesystem is clean (e2fsck -fn)", ok: exitCode === 0, seen: `exit code ${exitCode}` },
    ];
    return { superblock, checks };
  });
}

function checkFiles(context: ConversionContext, superblock: Superblock): Promise<Check[]> {
  const { source, destination, runner } = context;
  return withFilesystem(partitionWindow(destination, true), runner, async (root) => {
    const disks = {
      source: { ...nameOf(source), filesystem: { ...superblock, health: "clean" } as const },
      destination: { ...nameOf(destination), content: "resumable" as const },
    };
    const { facts, plan } = await planFromTree(root, disks, context);
    const tree = new GuestTree(root);
    return checkGuest({
      guest: facts.guest,
      remaining: plan,
      filesystem: superblock,
      menu: tree.read(facts.guest.bootFile.resolvedPath) ?? "",
      fstab: tree.read("/etc/fstab") ?? "",
      exists: (path) => tree.exists(path),
    });
  });
}
