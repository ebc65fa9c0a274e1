import { masked } from "../../components/masked";
import type { Advice, DeviceReference } from "../types";
import { settingsFiles } from "./settingsFiles";
import type { GuestTree } from "./tree";

const MOST_REFERENCES = 60;
const MOST_TEXT = 120;

const DEVICE = /(?<![\w-])\/dev\/(?:sd[a-z]|xvd[a-z]|hd[a-z]|hvc0|xvc0)/;
const COMMENT = /^\s*(?:#|;|\/\/)/;

/**
 * Lines of the guest's files that name disks, or Xen's console, by names that are not the same on HVM; 60 at most. Links
 * are not followed, comments and binaries passed over. Secrets are masked while a line is whole: what is left of one that is cut
 * may not be known for one.
 */
export function findDeviceReferences(tree: GuestTree): DeviceReference[] {
  const found: DeviceReference[] = [];
  for (const path of settingsFiles(tree)) {
    if (found.length >= MOST_REFERENCES) break;
    found.push(...referencesIn(path, tree.read(path) ?? ""));
  }
  return found.slice(0, MOST_REFERENCES);
}

function referencesIn(path: string, text: string): DeviceReference[] {
  if (text.includes("\0")) return [];
  return text.split("\n").flatMap((line, index) => {
    if (COMMENT.test(line) || !DEVICE.test(line)) return [];
    return [{ path, line: index + 1, text: masked(line.trim()).slice(0, MOST_TEXT) }];
  });
}

/** One advice a file, and one on what cannot be seen from the disk. */
export function warnReferences(references: DeviceReference[] = []): Advice[] {
  if (references.length === 0) return [];
  const files = [...new Set(references.map(({ path }) => path))];
  return files.map((subject) => {
    const lines = references.filter(({ path }) => path === subject);
    const found = lines.map(({ line, text }) => `line ${line}: ${text}`).join("; ");
    return { subject, found: found.slice(0, MOST_FOUND), advice: REFERENCE_ADVICE };
  });
}

/** A line of the report must stay readable. */
const MOST_FOUND = 400;

const REFERENCE_ADVICE =
  "Not edited: sd* and xvd* are not there on Nitro types, and hvc0 and xvc0 nowhere. Name disks by UUID= or LABEL=; user data may name them too, and no disk shows it.";
