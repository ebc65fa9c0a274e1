/** One thing that was looked at. */
export interface Finding {
  /** What must be true, as a sentence. */
  name: string;
  ok: boolean;
  seen: string;
}

/** A rule that nothing may break: what breaks it is shown. */
export function none(name: string, offenders: string[]): Finding {
  const some =
    offenders.slice(0, 5).join("; ") + (offenders.length > 5 ? ` and ${offenders.length - 5} more` : "");
  return { name, ok: offenders.length === 0, seen: some || "none" };
}
