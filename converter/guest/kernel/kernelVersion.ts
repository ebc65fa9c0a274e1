/** As version numbers go: runs of digits by value, the rest by its characters. */
export function compareVersions(left: string, right: string): number {
  return new Intl.Collator("en", { numeric: true }).compare(left, right);
}

/** Whether a kernel's version is `major.minor` or later, whatever its distribution put behind. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [, ofVersion, ofMinor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const [one, other] = [Number(ofVersion ?? 0), Number(ofMinor ?? 0)];
  return one > major || (one === major && other >= minor);
}
