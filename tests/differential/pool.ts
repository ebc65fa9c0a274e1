import os from "node:os";

/**
 * Does the work for each item, as many at a time as the machine has processors. The promises come at once, in the order
 * of the items.
 */
export function inTurn<Item, Done>(items: Item[], work: (item: Item) => Promise<Done>): Promise<Done>[] {
  const lanes: Promise<unknown>[] = Array.from({ length: os.availableParallelism() }, () =>
    Promise.resolve(),
  );
  return items.map((item, index) => {
    const lane = index % lanes.length;
    const done = lanes[lane].then(() => work(item));
    lanes[lane] = done.catch(() => undefined);
    // Whoever waits for it later gets the error: until then it is not unhandled.
    done.catch(() => undefined);
    return done;
  });
}
