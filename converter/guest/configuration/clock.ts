import type { Advice, GuestFacts } from "../../types";

/** `clocksource=` outlives the move: `xen` is not there on Nitro types, and `tsc` keeps them from kvm-clock. */
export function warnClock({ bootFile }: GuestFacts): Advice[] {
  const { arguments: words = [], title = "" } = bootFile.entries[bootFile.defaultEntry] ?? {};
  const named = words.filter((word) => word.startsWith("clocksource="));
  return named.map((word) => ({
    subject: bootFile.path,
    found: `entry ${bootFile.defaultEntry} (${title}) says ${word}.`,
    advice:
      "Kept: Xen types are meant to use tsc, Nitro types kvm-clock. Take it out where the clock goes wrong.",
  }));
}
