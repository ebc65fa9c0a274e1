/** The answers of a preflight. Pure. */

export type Answer =
  /** EC2 would do it. */
  | "yes"
  /** EC2 would refuse it. */
  | "no"
  /** EC2 could not be asked, or its answer decides nothing. */
  | "unknown";

export interface Row {
  /** What was asked, without a migration's name: `start the helper (m8i-flex.large)`. */
  what: string;
  /** Names of the migrations that it is for; none where it is for the whole account. */
  migrations: string[];
  answer: Answer;
  /** What EC2 said, a sentence without its full stop. */
  found: string;
  /** What to do next, whole sentences. Always there where the answer is `no`. */
  advice?: string;
}

/** The migrations that these are of, each once. */
export function migrationsIn(parts: { migration: string }[]): string[] {
  return [...new Set(parts.map(({ migration }) => migration))];
}

/** One row for all migrations that asked the same and got the same answer: of a hundred most do. Refusals come first. */
export function merged(rows: Row[]): Row[] {
  const byText = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify([row.what, row.answer, row.found, row.advice]);
    const same = byText.get(key);
    const migrations = [...new Set([...(same?.migrations ?? []), ...row.migrations])];
    byText.set(key, { ...row, migrations });
  }
  return [...byText.values()].sort((one, other) => ORDER.indexOf(one.answer) - ORDER.indexOf(other.answer));
}

const ORDER: Answer[] = ["no", "unknown", "yes"];
