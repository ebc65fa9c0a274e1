import assert from "node:assert/strict";
import type { PvToHvmMigrationArgs } from "../../../components";
import { noteOnHostKeys } from "../../../components/findings/notes";
import { ARGS, LAUNCHING, PREPARING } from "../mockEngine";

const KEY = "ssh-ed25519 AAAA";
const JUMP = { host: "bastion", privateKey: "k" };
const launching = LAUNCHING.launch!;
const preparing = PREPARING.source;

/** The hosts that are named, of these arguments. */
const ROWS: [title: string, args: PvToHvmMigrationArgs, named: string | undefined][] = [
  ["none where nobody but the helper is dialled", ARGS, undefined],
  ["the launched instance", LAUNCHING, "launch.connection"],
  ["the source", PREPARING, "source.connection"],
  ["a jump host", { ...ARGS, helper: { ...ARGS.helper, jumpHost: JUMP } }, "helper.jumpHost"],
  [
    "a jump host of one whose key is known",
    {
      ...LAUNCHING,
      launch: { ...launching, connection: { ...launching.connection!, hostKey: KEY, jumpHost: JUMP } },
    },
    "launch.connection.jumpHost",
  ],
  [
    "all of them in one line",
    { ...PREPARING, helper: { ...ARGS.helper, jumpHost: JUMP }, launch: launching },
    "source.connection, helper.jumpHost, launch.connection",
  ],
  [
    "none where every key is given",
    {
      ...PREPARING,
      source: { ...preparing, connection: { ...preparing.connection!, hostKey: KEY } } as typeof preparing,
      launch: { ...launching, connection: { ...launching.connection!, hostKey: KEY } },
    },
    undefined,
  ],
];

describe("hosts that are dialled without their key being known are named in a preview:", () => {
  for (const [title, args, named] of ROWS) {
    it(title, () => {
      const notes = noteOnHostKeys(args, true);
      assert.deepEqual(
        notes.map(({ level, text }) => [level, text.split(": no hostKey is given")[0]]),
        named === undefined ? [] : [["warn", named]],
      );
      for (const { text } of notes) {
        assert.doesNotMatch(text, /\n/);
        assert.match(text, /the ed25519 or the ecdsa one, not rsa/);
      }
    });
  }

  it("and not once more in the update", () => assert.deepEqual(noteOnHostKeys(LAUNCHING, false), []));
});
