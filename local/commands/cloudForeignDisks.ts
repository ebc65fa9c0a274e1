/** `npm run cloud -- foreign-disks [allow|refuse]`: whether instances start from disks that this project has not made. */
import type { Cloud } from "../cloud/cloud";

/** The line to print. @throws Error for other words than these. */
export async function foreignDisks({ settings }: Cloud, [word, ...others]: string[]): Promise<string> {
  if (others.length > 0 || !["allow", "refuse", undefined].includes(word)) {
    throw new Error(
      `foreign-disks: takes allow or refuse, or nothing to be told which it is, got "${[word, ...others].join(" ")}".`,
    );
  }
  if (word !== undefined) await settings.change({ allowsForeignDisks: word === "allow" });
  const { allowsForeignDisks } = await settings.read();
  return allowsForeignDisks
    ? "Disks in the folder s3 are allowed. A helper that converts one is root on this machine where it is a container."
    : "Disks in the folder s3 are refused.";
}
