/** The table of waits in docs/running.md, against what the component waits. */
import assert from "node:assert/strict";
import {
  helperSeconds,
  inspectionSeconds,
  launchSeconds,
  launchTimeout,
  preparationSeconds,
  snapshotTimeout,
  stepSeconds,
} from "../../components/steps/timeouts";
import { ARGS } from "../components/mockEngine";
import { read } from "./documents";

const TIB = 1024;
const args = { ...ARGS, destination: { sizeGb: TIB } };
const seconds = (limit: string | undefined) => Number(/^(\d+)s$/.exec(limit ?? "")?.[1]);

/** As the table writes it: minutes up to two hours, whole hours beyond; an hour in words. */
function words(duration: number): string[] {
  if (duration === 3600) return ["an hour", "60 min"];
  return duration < 7200 ? [`${Math.round(duration / 60)} min`] : [`${Math.round(duration / 3600)} h`];
}

const ROWS: [begins: string, seconds: number][] = [
  ["a live source: its preparation", preparationSeconds(args)],
  ["helper, volume, attachment", helperSeconds(args)],
  ["until the helper answers", helperSeconds(args)],
  ["`inspect`, `copy` … `verify`", stepSeconds("copy", args, TIB)],
  ["`partition`", stepSeconds("partition", args, TIB)],
  ["rehearsal", stepSeconds("rehearse", args, TIB)],
  ["snapshots, image", seconds(snapshotTimeout(args).create)],
  ["until the launched instance runs", seconds(launchTimeout(args).create)],
  ["until it answers by ssh, for its boot proof", launchSeconds(args, TIB)],
];

describe("the waits in docs/running.md", () => {
  const table = read("docs/running.md")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").map((cell) => cell.trim()));

  for (const [begins, duration] of ROWS) {
    it(`give "${begins}" the time that it has on a disk of 1 TiB`, () => {
      const rows = table.filter(([, wait]) => wait.startsWith(begins));
      assert.equal(rows.length, 1);
      assert.ok(words(duration).includes(rows[0][3]), `${rows[0][3]}: ${words(duration).join(" or ")}`);
    });
  }

  it("give an inspection in place the time that it has", () => {
    const [row] = table.filter(([, wait]) =>
      wait.startsWith("a live source: until it answers; its inspection"),
    );
    assert.match(row[2], new RegExp(`; ${inspectionSeconds() / 60} minutes$`));
  });
});
