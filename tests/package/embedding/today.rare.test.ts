/** The package beside the newest of each package that npm has today: the ranges promise that it works. */
import { execFileSync } from "node:child_process";
import { rangeOf } from "../../../components/program/peers";
import { itEmbeds, itMigrates } from "./embedding";
import { NEWEST, type Versions } from "./ends";

/** The highest one of the range, by npm's own reading of it, which is in no order. */
function newestOf(peer: keyof Versions): string {
  const said = execFileSync("npm", ["view", `${peer}@${rangeOf(peer)}`, "version", "--json"], {
    encoding: "utf8",
  });
  const versions = [JSON.parse(said) as string | string[]].flat();
  return versions.sort((one, other) => one.localeCompare(other, "en", { numeric: true })).pop()!;
}

describe("the npm package beside the newest packages that npm has today", function () {
  const peers = Object.keys(NEWEST) as (keyof Versions)[];
  const today = Object.fromEntries(peers.map((peer) => [peer, newestOf(peer)])) as Versions;
  itMigrates(itEmbeds("today", today));
});
