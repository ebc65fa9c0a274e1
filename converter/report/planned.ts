/** What will be done, or was. */
import { formatBytes } from "../disk/sizes";
import { cutText } from "./printable";
import type { Facts, FileEdit, InitramfsPlan, PartCopyPlan, Plan } from "../types";
import { describeContent, describePlanned } from "./partitions";
import { WIDTH, entry, indent, item, table } from "./text";

const METHODS: Record<PartCopyPlan["method"], string> = {
  "used-blocks": "the blocks in use",
  replayed: "the blocks in use once its journal is replayed",
  "all-blocks": "every block",
  header: "its header",
};

/** Characters of a diff's line that a page shows. */
const MOST_OF_A_LINE = 1000;

/** Partition table, copy, boot, initramfs. */
export function formatPlan({ destination, copy, boot, initramfs }: Plan, isDone: boolean): string[] {
  const { layout, tableId, minimumSizeBytes, partitions } = destination;
  const name = tableId === undefined ? layout.toUpperCase() : `${layout.toUpperCase()} ${tableId}`;
  const what = new Map(copy.parts.map((part) => [part.part, part.what]));
  return [
    ...entry(
      "partitions",
      `${name}, on at least ${formatBytes(minimumSizeBytes)}`,
      table(describePlanned(partitions, what)),
    ),
    ...entry("copy", `${formatBytes(copy.bytes)} to be read in all`, table(copy.parts.map(formatPart))),
    ...entry(
      "boot",
      `${boot.kernel}${boot.initrd === undefined ? ", no initramfs" : ` with ${boot.initrd}`}`,
    ),
    ...entry("", `${boot.why}; GRUB 2 reads ${boot.device}${boot.menuFile}`),
    ...initramfs.flatMap((one) => formatInitramfs(one, isDone)),
  ];
}

function formatPart({ what, method, bytes, why }: PartCopyPlan): string[] {
  return [what, formatBytes(bytes), `${METHODS[method]}: ${why}`];
}

function formatInitramfs({ path, action, missing, tool }: InitramfsPlan, isDone: boolean): string[] {
  if (action === "keep") return [];
  const by = tool ? ` by ${tool}` : "";
  return entry(
    "initramfs",
    `${path}: ${isDone ? "rebuilt" : "to be rebuilt"}${by}, for ${missing.join(", ")}`,
  );
}

/** Each file with its reasons and its diff. A diff's lines are the guest's and so are not wrapped. */
export function formatEdits(edits: FileEdit[]): string[] {
  return edits.flatMap(({ path, action, why, diff }, index) => [
    ...(index > 0 ? [""] : []),
    `${path} (${action})`,
    ...why.flatMap((reason) => item(reason, WIDTH - 2)),
    // The first two lines name the file once more.
    ...indent(diff.slice(2).map((line) => cutText(line, MOST_OF_A_LINE))),
  ]);
}

/** What stays as it is although one might expect otherwise, and why. */
export function formatLeft(plan: Plan, facts: Facts | undefined): string[] {
  return [
    ...plan.initramfs
      .filter(({ action }) => action === "keep")
      .flatMap(({ path }) => item(`${path}: has every driver that is needed`, WIDTH - 2)),
    ...(facts?.guest.kernels ?? [])
      .filter(({ bootsHvm }) => !bootsHvm)
      .flatMap(({ version }) => item(`kernel ${version}: stays installed, and boots as PV alone`, WIDTH - 2)),
    ...(facts?.source.parts ?? [])
      .filter(({ content }) => content.kind === "other" || content.kind === "unknown")
      .flatMap(({ number, content }) =>
        item(`partition ${number}: ${describeContent(content)}; copied, not looked into`, WIDTH - 2),
      ),
  ];
}
