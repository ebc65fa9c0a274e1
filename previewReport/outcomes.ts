/** What can become of a migration, and one thing that happens to it. */

/** What most of all becomes of a migration, from what a reviewer must see to what may be overlooked. */
export const OUTCOMES = [
  "refused",
  "deleted",
  "image deleted",
  "launched machine deleted",
  "launched machine replaced",
  "converted anew",
  "new",
  "goes on",
  "image registered anew",
  "machine launched",
  "launched machine changed",
  "workbench removed",
  "partly taken back",
  "changed in place",
  "unchanged",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Happening {
  outcome: Outcome;
  /** Markdown, a part of the migration's line. */
  says: string;
  /** The same where nothing else happens. */
  saysAlone?: string;
  /** It takes no time, and costs nothing. */
  isFree?: boolean;
}
