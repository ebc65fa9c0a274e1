/**
 * Three lanes side by side, each of which takes its next suite as soon as it is free. The first makes the local cloud ready,
 * and goes on with what needs it; the others begin with what needs nothing. A lane that has none of its own left takes of the
 * others', so that none stands still while there is work: no suite has anything in common with another.
 *
 * One more than the cores of the machine that this is made for. A suite waits for a third of its time (for disks, for a guest
 * that boots, for an end that has to come), and in two lanes the cores stood still as long.
 */

/** In this order each lane looks for its next suite. */
const PREFERENCES = [
  ["cloud", "nothing"],
  ["nothing", "cloud"],
  ["nothing", "cloud"],
];

/**
 * Runs every suite once, each kind in the order given.
 * @param prepare makes the local cloud ready, and tells whether it could. Called once, and only where a suite needs it;
 * where it could not, the suites that need it are not run.
 * @param run runs one suite to its end. Must not reject.
 * @param signal aborted: nothing more is begun.
 */
export async function runLanes(suites, { prepare, run, signal }) {
  const waiting = [...suites];
  let isPrepared;

  /** The next suite for a lane, which no other gets then. */
  function take(preferences) {
    const suite = preferences.map((needs) => waiting.find((each) => each.needs === needs)).find(Boolean);
    if (suite !== undefined) waiting.splice(waiting.indexOf(suite), 1);
    return suite;
  }

  async function lane(preferences) {
    for (let suite = take(preferences); suite !== undefined; suite = take(preferences)) {
      const isPossible = suite.needs === "nothing" || (await isPrepared);
      if (isPossible && !signal?.aborted) await run(suite);
    }
  }

  // The first lane waits for it, being the one that needs it first.
  if (suites.some(({ needs }) => needs !== "nothing")) isPrepared = prepare();
  const [first, ...others] = PREFERENCES;
  await Promise.all([Promise.resolve(isPrepared).then(() => lane(first)), ...others.map(lane)]);
}
