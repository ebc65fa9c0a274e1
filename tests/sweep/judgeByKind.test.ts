import { ago, type Case, judges, on } from "./judging";
import { backend, deployment, id, inventory, item, STACK } from "./made";

/** What it is. */
const KINDS: Case[] = [
  {
    what: "something without a role",
    items: [item("vol-1", { role: undefined })],
    expected: ["vol-1 keep: an earlier version made it, without a role: look at it yourself"],
  },
  {
    what: "a role that belongs to another kind: a backup of a volume takes its tags",
    items: [item("snap-1", { role: "destination" })],
    options: { images: true },
    expected: ["snap-1 keep: no snapshot has the role destination: somebody copied the tags"],
  },
  {
    what: "a role that nothing has",
    items: [item("vol-1", { role: "toString" })],
    expected: ["vol-1 keep: no volume has the role toString: somebody copied the tags"],
  },
  {
    what: "the launched instance and its root volume, whatever is asked for",
    items: [item("i-1", { role: "instance" }), item("vol-1", { role: "root", attachment: on("i-1", true) })],
    options: { images: true, gone: [STACK] },
    expected: [
      "i-1 keep: it was launched for use: end it yourself",
      "vol-1 keep: it was launched for use: end it yourself",
    ],
  },
  {
    what: "a helper with its volumes and group",
    items: [
      item("sg-1"),
      item("vol-1", { role: "helper-root", attachment: on("i-1", true) }),
      item("vol-2", { state: "in-use", attachment: on("i-1") }),
      item("i-1", {
        groupIds: [id("sg-1")],
        volumes: [{ volumeId: id("vol-1"), deleteOnTermination: true }],
      }),
    ],
    expected: [
      "i-1 remove: no stack holds it",
      "vol-1 remove: no stack holds it",
      "vol-2 remove: no stack holds it",
      "sg-1 remove: no stack holds it",
    ],
  },
  {
    what: "a helper with somebody's volume that would go with it",
    items: [item("i-1", { volumes: [{ volumeId: id("vol-9"), deleteOnTermination: true }] })],
    expected: ["i-1 keep: vol-9, which is not a migration's, would be deleted with it"],
  },
  {
    what: "a helper with another stack's volume that would go with it",
    items: [
      item("i-1", { volumes: [{ volumeId: id("vol-9"), deleteOnTermination: true }] }),
      item("vol-9", { stack: "images/elsewhere" }),
    ],
    expected: [
      "i-1 keep: vol-9, which is not a migration's, would be deleted with it",
      "vol-9 unknown: this backend shows no stack images/elsewhere: sweep where it is kept, or, if it is gone, with --gone images/elsewhere",
    ],
  },
  {
    what: "a helper with a volume that a state names, which would go with it",
    items: [
      item("i-1", { volumes: [{ volumeId: id("vol-9"), deleteOnTermination: true }] }),
      item("vol-9", { attachment: on("i-1", true) }),
    ],
    backend: backend(deployment(["ami-77", "vol-9"])),
    expected: [
      "i-1 keep: vol-9, which a state names, would be deleted with it",
      "vol-9 held: in the state of images/prod: web-vol-9",
    ],
  },
  {
    what: "the snapshot of a source, of which no image is ever made",
    items: [item("snap-1", { role: "source-snapshot" })],
    expected: ["snap-1 remove: no stack holds it"],
  },
  {
    what: "the snapshot of a source of which somebody made an image all the same",
    items: inventory([item("snap-1", { role: "source-snapshot" })], { "snap-1": ["ami-9"] }),
    expected: ["snap-1 keep: ami-9 starts from it, which stays"],
  },
  {
    what: "a snapshot that was copied with its tags",
    items: [item("snap-1", { copyOf: "another snapshot" })],
    options: { images: true },
    expected: ["snap-1 keep: somebody copied it, with its tags, from another snapshot"],
  },
  {
    what: "a helper with somebody's volume that would stay",
    items: [item("i-1", { volumes: [{ volumeId: id("vol-9"), deleteOnTermination: false }] })],
    expected: ["i-1 remove: no stack holds it"],
  },
  {
    what: "a volume that somebody put on an instance of their own",
    items: [item("vol-1", { state: "in-use", attachment: on("i-9") })],
    expected: ["vol-1 keep: it is attached to i-9, which stays"],
  },
  {
    what: "a volume and a group of a helper that is too young",
    items: [
      item("i-1", { createdAt: ago(5), groupIds: [id("sg-1")] }),
      item("vol-1", { attachment: on("i-1") }),
      item("sg-1", { conversion: "another" }),
    ],
    expected: [
      "i-1 wait: younger than --older-than 3600s",
      "vol-1 wait: it is attached to i-1, which waits",
      "sg-1 wait: i-1 is in it, which waits",
    ],
  },
  {
    what: "a group that a held helper is in",
    items: [item("i-1", { groupIds: [id("sg-1")] }), item("sg-1")],
    backend: backend(deployment(["i-1"])),
    expected: ["i-1 held: in the state of images/prod: web-i-1", "sg-1 keep: i-1 is in it, which stays"],
  },
];

/** What somebody may launch from. */
const IMAGES: Case[] = [
  {
    what: "image and snapshot without --images",
    items: inventory([item("ami-1"), item("snap-1"), item("snap-2")], { "snap-1": ["ami-1"] }),
    expected: [
      "ami-1 keep: somebody may launch from it: goes with --images only",
      "snap-1 keep: ami-1 starts from it, which stays",
      "snap-2 keep: an image may be made of it: goes with --images only",
    ],
  },
  {
    what: "image and snapshot with --images",
    items: inventory([item("snap-1"), item("ami-1")], { "snap-1": ["ami-1"] }),
    options: { images: true },
    expected: ["ami-1 remove: no stack holds it", "snap-1 remove: no stack holds it"],
  },
  {
    what: "a snapshot that an image without tags starts from, too",
    items: inventory([item("snap-1"), item("ami-1")], { "snap-1": ["ami-1", "ami-9"] }),
    options: { images: true },
    expected: ["ami-1 remove: no stack holds it", "snap-1 keep: ami-9 starts from it, which stays"],
  },
  {
    what: "a snapshot of an image that is too young",
    items: inventory([item("snap-1"), item("ami-1", { createdAt: ago(5) })], { "snap-1": ["ami-1"] }),
    options: { images: true },
    expected: [
      "ami-1 wait: younger than --older-than 3600s",
      "snap-1 wait: ami-1 starts from it, which waits",
    ],
  },
  {
    what: "an image that was copied with its tags",
    items: [item("ami-1", { copyOf: "ami-9" })],
    options: { images: true },
    expected: ["ami-1 keep: somebody copied it, with its tags, from ami-9"],
  },
];

describe("what a sweep decides of left-overs", () => {
  describe("by what they are", () => judges(KINDS));
  describe("by who may launch from them", () => judges(IMAGES));
});
