/** What a conversion would make of a guest, judged by the step verify's own checks before anything is written. */
import { RefusedError, formatAdvice } from "../errors";
import { GuestDevices } from "../guest/devices";
import { foreseenDisk, foreseenFacts, foreseenMounts } from "../guest/foreseen/foreseenFacts";
import { ForeseenTree } from "../guest/foreseen/foreseenTree";
import type { GuestTree } from "../guest/tree";
import { planConversion } from "../plan";
import type { Advice, Check, Facts, Plan } from "../types";
import { checkGuest } from "./guestChecks";

/**
 * Why the step verify would not accept what this plan makes of the guest; empty if it would. The plan is carried out in
 * memory, and its outcome read and planned for again by what reads and plans for a converted disk.
 */
export function refuseOutcome(tree: GuestTree, facts: Facts, plan: Plan): Advice[] {
  const foreseen = new ForeseenTree(tree, plan.edits);
  if (foreseen.misfits.length > 0) return foreseen.misfits.map(misfit);
  try {
    const checks = checkOutcome(foreseen, facts, plan);
    return checks.filter(({ ok }) => !ok).map((check) => asRefusal(check, facts));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return error.reasons.map((reason) => noMenuLeft(reason, facts));
  }
}

function checkOutcome(tree: ForeseenTree, facts: Facts, plan: Plan): Check[] {
  const after = foreseenFacts(facts, plan, tree);
  const mounts = foreseenMounts(facts.mounts, plan.destination);
  return checkGuest({
    guest: after.guest,
    remaining: planConversion({ facts: after, read: (path) => tree.read(path), options: plan.options }),
    devices: new GuestDevices(foreseenDisk(facts.source, plan.destination), mounts),
    root: mounts[0],
    menu: tree.read(after.guest.bootFile.resolvedPath) ?? "",
    fstab: tree.read("/etc/fstab") ?? "",
    exists: (path) => tree.exists(path),
  });
}

function asRefusal({ name, seen }: Check, { guest }: Facts): Advice {
  return {
    subject: "conversion",
    found: `after it, this would not hold: ${name} (seen: ${seen}).`,
    advice: `${REPORT} ${guest.bootFile.path} and /etc/fstab. ${MEANWHILE}`,
  };
}

const REPORT = "This program does not understand the guest well enough: report it, with the source's";
const MEANWHILE = "Or write what was seen in a plainer way in the source, and inspect again.";

function noMenuLeft(reason: Advice, { guest }: Facts): Advice {
  return {
    subject: "conversion",
    found: `after it, the boot menu would not be understood any more (${formatAdvice(reason)}).`,
    advice: `${REPORT} ${guest.bootFile.path}. ${MEANWHILE}`,
  };
}

function misfit(path: string): Advice {
  return {
    subject: path,
    found:
      "the change that is planned does not fit the file, which has characters that a diff does not keep.",
    advice: `${REPORT} ${path}. ${MEANWHILE}`,
  };
}
