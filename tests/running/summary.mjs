/** What is told at the end of a run. Pure. */

/** A suite's outcome: how many tests passed, failed and were skipped; seconds; and in `why` what is to be said besides. */
export const FAILED = { passed: 0, failed: 1, skipped: 0 };

/**
 * What became of a suite of tests, out of what its reporter wrote.
 * @param report undefined where it wrote nothing: then the suite died before its end, which is a failure whatever had passed.
 * @param files those that were to be run. One without a test that ran or was skipped is a failure: nobody would miss it.
 */
export function outcomeOf(report, { files, status, hung, interrupted }) {
  if (hung) return { ...FAILED, why: ["it hung: nothing was heard of it any more, and it was ended"] };
  if (interrupted) return { ...FAILED, why: ["it was interrupted"] };
  if (report === undefined) return { ...FAILED, why: [`it died with status ${status}, before its end`] };
  const silent = files.filter((file) => !report.files.includes(file));
  const why = silent.map((file) => `${file}: no test in it has run`);
  const { passes, failures, pending } = report;
  if (status !== 0 && failures === 0) why.push(`it ended with status ${status}, though no test had failed`);
  return { passed: passes, failed: failures + why.length, skipped: pending, why };
}

/** A table of all suites, with what the failed ones say, and the totals as the last line. */
export function summaryOf(suites, { results, preparation }) {
  const prepared = preparation
    ? [["(engine and images)", "", preparation.failed || "", "", preparation.seconds]]
    : [];
  const rows = suites.map(({ name }) => {
    const result = results.get(name);
    return result
      ? [name, result.passed, result.failed, result.skipped, result.seconds]
      : [name, "not run", "", "", ""];
  });
  const reasons = [...results].flatMap(([name, { why = [] }]) => why.map((each) => `${name}: ${each}.`));
  const all = [...results.values(), ...(preparation?.failed ? [preparation] : [])];
  const total = (what) => all.reduce((sum, result) => sum + (result[what] ?? 0), 0);
  const totals = { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
  const head = ["suite", "passed", "failed", "skipped", "seconds"];
  const lines = [...columns([head, ...prepared, ...rows]), ...(reasons.length > 0 ? ["", ...reasons] : [])];
  const last = `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`;
  return { totals, text: [...lines, "", last].join("\n") };
}

/** The first column to the left, numbers to the right. */
function columns(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const cell = (value, column) =>
    column === 0 ? String(value).padEnd(widths[0]) : String(value).padStart(widths[column]);
  return rows.map((row) => row.map(cell).join("  ").trimEnd());
}
