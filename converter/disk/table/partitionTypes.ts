/** Types of partitions: two hexadecimal digits in a master boot record, a GUID in a GPT. */
import type { Content, Layout } from "../../types";
import { GPT_TYPES } from "./gpt";

const LINUX_MBR_TYPE = "83";

/** What each type of a master boot record is in a GPT. */
const EQUIVALENTS: Record<string, string> = {
  ...{ "82": GPT_TYPES.swap, "8e": GPT_TYPES.lvm, fd: GPT_TYPES.raid, ef: GPT_TYPES.efiSystem },
  ...{ "06": GPT_TYPES.basicData, "07": GPT_TYPES.basicData, "0b": GPT_TYPES.basicData },
  ...{ "0c": GPT_TYPES.basicData, "0e": GPT_TYPES.basicData },
};

/** The type for what lay on the bare disk. */
export function typeOfBare(content: Content, layout: Layout): string {
  const lvm = content.kind === "lvm";
  if (layout === "mbr") return lvm ? "8e" : LINUX_MBR_TYPE;
  return lvm ? GPT_TYPES.lvm : GPT_TYPES.linux;
}

/** A master boot record's type, as a GPT says it; Linux data where a GPT has no word for it. */
export function gptTypeOf(mbrType: string): string {
  return EQUIVALENTS[mbrType.toLowerCase()] ?? GPT_TYPES.linux;
}
