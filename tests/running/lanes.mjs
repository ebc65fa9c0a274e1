/**
 * Two lanes side by side, each of which takes the next suite that it may as soon as it is free. The first begins with
 * what the local cloud needs and goes on with what boots machines; the other begins with what needs nothing. Whichever
 * has none of its own left takes what is left of the rest, so that neither stands still while there is work for it.
 */

/** In this order each lane looks for its next suite. */
const PREFERENCES = [
  ["machines", "cloud", "nothing"],
  ["nothing", "cloud", "machines"],
];

/**
 * Runs every suite once.
 * @param prepare makes the local cloud ready, and tells whether it could. Called once, and only where a suite needs it;
 * where it could not, the suites that need it are not run.
 * @param run runs one suite to its end. Must not reject.
 * @param signal aborted: nothing more is begun.
 */
export async function runLanes(suites, { prepare, run, signal }) {
  const waiting = [...suites];
  let machinesAreBusy = false;
  let isPrepared;

  /** The next suite for a lane, which nobody else gets then. Of those that boot machines one at a time. */
  function take(preferences) {
    const allowed = preferences.filter((needs) => needs !== "machines" || !machinesAreBusy);
    const suite = allowed.map((needs) => waiting.find((each) => each.needs === needs)).find(Boolean);
    if (suite === undefined) return undefined;
    waiting.splice(waiting.indexOf(suite), 1);
    if (suite.needs === "machines") machinesAreBusy = true;
    return suite;
  }

  async function lane(preferences) {
    for (let suite = take(preferences); suite !== undefined; suite = take(preferences)) {
      const isPossible = suite.needs === "nothing" || (await isPrepared);
      if (isPossible && !signal?.aborted) await run(suite);
      if (suite.needs === "machines") machinesAreBusy = false;
    }
  }

  // The first lane waits for it, being the one that needs it first.
  if (suites.some(({ needs }) => needs !== "nothing")) isPrepared = prepare();
  await Promise.all([Promise.resolve(isPrepared).then(() => lane(PREFERENCES[0])), lane(PREFERENCES[1])]);
}
