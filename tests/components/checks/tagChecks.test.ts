import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../../components";
import { checkArgs } from "../../../components/checks/validate";
import { formatProblem } from "../../../components/checks/problems";
import { ARGS } from "../mockEngine";

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, "value"]));

const ROWS: [title: string, args: Partial<PvToHvmMigrationArgs>, lines: string[]][] = [
  ["as many tags as fit", { tags: many(39) }, []],
  [
    "one tag too many",
    { tags: many(40) },
    ["tags: the image would get 40 tags beside 11 of the migration's own, EC2 takes 50 in all. Remove 1."],
  ],
  ["a tag of both kinds counted once", { tags: many(39), image: { tags: { tag0: "other" } } }, []],
  [
    "tags of both kinds, and more inputs in the key",
    { tags: many(38), image: { tags: { team: "web" } }, revision: 2 },
    [
      "image.tags: the image would get 39 tags beside 12 of the migration's own, EC2 takes 50 in all. Remove 1.",
    ],
  ],
  [
    "a name that is EC2's own",
    { image: { tags: { "aws:team": "web" } } },
    ["image.tags.aws:team: names that begin with aws: are EC2's own. Choose another name."],
  ],
  [
    "a name that is this project's own",
    { tags: { "pv-to-hvm:rehearsal": "skipped" } },
    [
      "tags.pv-to-hvm:rehearsal: names that begin with pv-to-hvm: are this program's own. Choose another name.",
    ],
  ],
  [
    "a value that is too long",
    { tags: { team: "w".repeat(257) } },
    ["tags.team: its value has 257 characters, EC2 takes 256. Shorten it."],
  ],
  ["values that are not known yet", { tags: { team: pulumi.output("w".repeat(257)) } }, []],
];

describe("the user's tags are held against EC2's limits:", () => {
  for (const [title, args, lines] of ROWS) {
    it(title, () => assert.deepEqual(checkArgs("web", { ...ARGS, ...args }).map(formatProblem), lines));
  }
});
