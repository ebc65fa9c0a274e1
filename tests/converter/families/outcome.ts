/** What a conversion says of itself, as a text without anything of this machine: a part of the golden results. */
import { formatAdvice } from "../../../converter/errors";
import type { Advice, InitramfsPlan, PartCopyPlan, Plan } from "../../../converter/types";

/** Which kernel boots and why, what became of each initramfs, what was copied how, verdicts and warnings. */
export function outcomeOf({ boot, initramfs, copy, destination, verdicts, warnings }: Plan): string {
  const lines = [
    `boots ${boot.kernel}${boot.initrd === undefined ? "" : ` with ${boot.initrd}`}: ${boot.why}`,
    `menu ${boot.menuFile} on ${boot.device}`,
    ...initramfs.map(initramfsLine),
    ...copy.parts.map(copyLine),
    `${destination.layout}: ${destination.partitions.map(({ number, role }) => `${number} ${role}`).join(", ")}`,
    ...verdicts.map(({ family, boots, why }) => `${family}: ${boots ? "boots" : "does not boot"}, ${why}`),
    ...warnings.map((advice) => `warning: ${adviceLine(advice)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function initramfsLine({ path, action, command, depmod }: InitramfsPlan): string {
  const how = action === "rebuild" ? `: ${command?.join(" ")}` : "";
  return `${action} ${path}${how}${depmod ? ", after depmod" : ""}`;
}

function copyLine({ what, method, why }: PartCopyPlan): string {
  return `copy ${what}: ${method}, ${why}`;
}

/** A warning without the disk's path. */
function adviceLine(advice: Advice): string {
  return withoutPaths(formatAdvice(advice));
}

/** Disks are named by their place in a folder of the test's own. */
export function withoutPaths(text: string): string {
  return text.replace(/\/\S*\/(source|destination)\.img/g, "$1.img");
}
