import assert from "node:assert/strict";
import fc from "fast-check";
import { changeParameters, type ParameterChange } from "../../../../converter/guest/commandLine/changes";
import { serialConsole, withoutPvConsole } from "../../../../converter/guest/commandLine/consoles";
import { hasRoot, nameDevices, rootOf } from "../../../../converter/guest/commandLine/devices";
import { PV_ONLY } from "../../../../converter/guest/commandLine/pvOnly";
import { appendWords, editWords, ownWords, words } from "../../../../converter/guest/commandLine/words";
import { Reasons } from "../../../../converter/guest/edit";

/** Pieces of command lines as old guests have them, with what only Xen bears among them. */
const WORD = fc.constantFrom(
  ...[
    "ro",
    "quiet",
    "root=/dev/xvda1",
    'root="LABEL=a b"',
    '"foo=b c"',
    "a-b=c",
    "a_b",
    "net.ifnames=0",
    "--",
  ],
  ...[
    "console=hvc0",
    "console=ttyS0,9600",
    "xencons=tty",
    "earlyprintk=xen,keep",
    "pci=nomsi,off",
    "pci=off",
  ],
  ...["mem=64M", "nvme.io_timeout=30", "modprobe.blacklist=floppy,nvme", "\uFEFFro", "ip=dhcp"],
);
const SPACE = fc.constantFrom(" ", "\t", "  ", " \t ");
const TEXT = fc
  .tuple(fc.constantFrom("", " "), fc.array(fc.tuple(WORD, SPACE)))
  .map(([start, parts]) => start + parts.flat().join(""));

const CHANGES: ParameterChange[] = [
  ...PV_ONLY,
  { add: "rootwait", why: "x" },
  { add: "nvme.io_timeout=255", why: "x" },
  { remove: "a_b", why: "x" },
];

/** All that the conversion does to an entry's command line. */
function converted(text: string): string {
  const named = nameDevices(text, (device) => (device.startsWith("/dev/") ? "UUID=u" : device));
  return changeParameters(serialConsole(named), CHANGES, new Reasons());
}

describe("the words of a command line", () => {
  const READ: [string, string[]][] = [
    ["root=/dev/xvda1  ro\tquiet", ["root=/dev/xvda1", "ro", "quiet"]],
    ['root="LABEL=a b" ro', ["root=LABEL=a b", "ro"]],
    ['"root=LABEL=a b" ro', ["root=LABEL=a b", "ro"]],
    ["it's ro", ["it's", "ro"]],
    ["ro -- console=hvc0", ["ro"]],
    ['ro foo="bar root=x', ["ro", 'foo="bar root=x']],
    ["\uFEFFro\u00A0rw", ["\uFEFFro\u00A0rw"]],
  ];
  for (const [text, read] of READ)
    it(`are those that Linux reads: ${JSON.stringify(text)}`, () => assert.deepEqual(ownWords(text), read));

  it("are printed as they stood where nothing changes", () => {
    fc.assert(
      fc.property(TEXT, (text) =>
        assert.equal(
          editWords(text, (word) => [word]),
          text,
        ),
      ),
    );
  });

  it("are printed as they stood in a script's line", () => {
    const line = fc
      .array(fc.constantFrom(" ", "\t", '"', "'", "ro", "console=hvc0", "$x"))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(line, (text) =>
        assert.equal(
          editWords(text, (word) => [word], "shell"),
          text,
        ),
      ),
    );
  });

  it("are the same when they are edited twice", () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const once = converted(text);
        assert.equal(converted(once), once);
      }),
    );
  });

  it("keep the order, and every word that no change concerns", () => {
    const kept = (text: string) => words(text).filter((word) => /^(?:ro$|quiet|foo=|a-b=|ip=)/.test(word));
    const changes = CHANGES.filter(({ remove }) => remove === undefined);
    fc.assert(
      fc.property(TEXT, (text) =>
        assert.deepEqual(kept(changeParameters(serialConsole(text), changes, new Reasons())), kept(text)),
      ),
    );
  });

  it("keep what comes after -- to the letter", () => {
    fc.assert(
      fc.property(TEXT, TEXT, (own, rest) => {
        const before = own.replaceAll("--", "x");
        assert.ok(converted(`${before} -- ${rest}`).endsWith(` -- ${rest}`));
      }),
    );
  });
});

describe("adding to a command line", () => {
  const CASES: [it: string, before: string, after: string][] = [
    ["puts the word at the end, before white space", "ro quiet \t", "ro quiet x \t"],
    ["begins an empty line without a space", "", "x"],
    ["stands before -- , after which all is init's", "ro -- single", "ro x -- single"],
    [
      "stands before a quote that nothing closes, which takes the rest for one word",
      'ro foo="a b',
      'ro x foo="a b',
    ],
  ];
  for (const [title, before, after] of CASES)
    it(title, () => assert.equal(appendWords(before, ["x"]), after));
});

describe("taking words out of a command line", () => {
  const CASES: [it: string, before: string, after: string][] = [
    ["takes the space before with it", "ro  x quiet", "ro quiet"],
    ["takes the space behind at the beginning", "x  ro", "ro"],
    ["keeps the space that opens the text", " x  ro", " ro"],
    ["leaves nothing of a single word", "x", ""],
  ];
  for (const [title, before, after] of CASES)
    it(title, () =>
      assert.equal(
        editWords(before, (word) => (word === "x" ? [] : [word])),
        after,
      ),
    );

  it("keeps the quotes of a script's line", () => {
    const line = `  echo "console=hvc0 ro" 'console=hvc0'`;
    assert.equal(
      editWords(line, (word) => (word === "console=hvc0" ? [] : [word]), "shell"),
      `  echo "ro" ''`,
    );
  });
});

describe("the root and the consoles of a command line", () => {
  it("name a quoted root anew within its quotes", () => {
    assert.equal(
      nameDevices('root="/dev/xvda1" ro', () => "UUID=u"),
      'root="UUID=u" ro',
    );
  });
  it("leave genkernel's own root, and name the real one", () => {
    const line = "root=/dev/ram0 real_root=/dev/xvda3";
    assert.equal(
      nameDevices(line, () => "UUID=u"),
      "root=/dev/ram0 real_root=UUID=u",
    );
    assert.equal(rootOf(words(line)), "/dev/xvda3");
  });
  it("know no root in a quote that nothing closes, as Linux does not", () => {
    assert.ok(!hasRoot('foo="a root=/dev/xvda1'));
  });
  it("take the last of two roots, as Linux does", () => {
    assert.equal(rootOf(["root=/dev/xvda1", "root=LABEL=x"]), "LABEL=x");
  });
  it("know Xen's console without a number", () => {
    assert.equal(withoutPvConsole("console=hvc ro"), "console=tty1 console=ttyS0 ro");
  });
});
