import { createHash } from "node:crypto";
import type { Edited } from "../edit";

/** Where ucf keeps the checksum of each file as it last wrote it. */
export const UCF_RECORD = "/var/lib/ucf/hashfile";

/** The part of menu.lst that update-grub-legacy-ec2 gives to ucf, under a name of its own (grub-legacy-ec2 of Ubuntu 10.04 to 18.04). */
const FRAGMENT_START = /^.*## ## End Default Options ##/;
const FRAGMENT_END = /^.*### END DEBIAN AUTOMAGIC KERNELS LIST/;
const RECORD = /^([0-9a-f]{32})([ \t]+\/(?:var\/)?run\/grub\/menu\.lst)$/m;

/** Whether ucf looks after the menu's entries. */
export function isUnderUcf(record: string): boolean {
  return RECORD.test(record);
}

/** The entries as update-grub-legacy-ec2 cuts them out of the menu: both markers with their lines belong to them. */
export function ucfFragment(menu: string): string {
  const lines = menu.split(/(?<=\n)/);
  const start = lines.findIndex((line) => FRAGMENT_START.test(line));
  if (start < 0) return "";
  const length = lines.slice(start).findIndex((line) => FRAGMENT_END.test(line));
  return lines.slice(start, length < 0 ? undefined : start + length + 1).join("");
}

/**
 * ucf's record, with the edited entries for the ones that it wrote. Otherwise it takes the conversion for a change of the
 * owner's: an upgrade then asks, and without a terminal it keeps the old entries, so that no new kernel is ever booted
 * (canonical/cloud-init#2444). Where the owner had changed the entries before, it stays.
 */
export function editUcfRecord(record: string, before: string, after: string): Edited {
  const encoding = encodingOf(record, before);
  if (encoding === undefined) return { text: record, why: [] };
  const text = record.replace(
    RECORD,
    (_, _sum: string, rest: string) => checksum(ucfFragment(after), encoding) + rest,
  );
  const why = "ucf's checksum of the menu's entries: the next update writes its own without asking";
  return { text, why: text === record ? [] : [why] };
}

/** Whether the entries are still those that ucf wrote last. */
export function isAsUcfWrote(record: string, menu: string): boolean {
  return encodingOf(record, menu) !== undefined;
}

/** The encoding in which the entries have the recorded checksum: an old menu may be Latin-1. */
function encodingOf(record: string, menu: string): "utf8" | "latin1" | undefined {
  const [, sum] = RECORD.exec(record) ?? [];
  return (["utf8", "latin1"] as const).find((one) => checksum(ucfFragment(menu), one) === sum);
}

function checksum(text: string, encoding: "utf8" | "latin1"): string {
  return createHash("md5").update(Buffer.from(text, encoding)).digest("hex");
}
