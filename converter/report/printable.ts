/** Reports as JSON, in lines that the ways they go can take. */
import { visibleValue } from "../../components/visible";
import type { StepReport } from "../types";

/**
 * Bytes of a text in JSON, at most. A line of output over 64 KiB hangs `pulumi up` for ever, so none may pass 16 KiB,
 * indentation and name included. A guest's file may well have such a line: the diff then shows its beginning. What is
 * applied goes by the record on the disk, where it is whole.
 */
const MOST_BYTES = 12_000;

/** Pretty-printed, each text on a line of its own and none too long for it. Ends in a newline. */
export function printReport(report: StepReport): string {
  const cut = (_: string, value: unknown) => (typeof value === "string" ? cutText(value) : value);
  return `${JSON.stringify(visibleValue(report), cut, 2)}\n`;
}

/** The text, or as much of its beginning as a line takes, with a mark that says so. */
export function cutText(text: string, mostBytes: number = MOST_BYTES): string {
  if (bytesInJson(text) <= mostBytes) return text;
  const kept = Array.from(text.slice(0, mostBytes));
  while (bytesInJson(kept.join("")) > mostBytes) kept.length = Math.floor(kept.length * 0.9);
  return `${kept.join("")} … (${text.length} characters in all)`;
}

function bytesInJson(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
