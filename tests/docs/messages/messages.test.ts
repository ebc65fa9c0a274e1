/** What finds the messages finds them, in each of the ways in which the sources say something. */
import assert from "node:assert/strict";
import { collectMessages, type Message } from "./collect";
import { isQuoteOf, readRows } from "./rows";
import { scriptMessages, shellSays } from "./shell";

describe("the messages of the sources", function () {
  // Every source is read by the compiler.
  this.timeout(120_000);

  let texts: string[];
  before(() => {
    texts = collectMessages().map(({ text }) => text);
  });

  const FOUND: [how: string, text: string][] = [
    ["a problem of an argument", "a key is named for a volume that is not to be encrypted"],
    ["a problem by a helper's parameters", "… has stop protection, so EC2 does not stop it"],
    ["a choice of two reasons", "none of … is given"],
    ["advice of the converter", "is encrypted (LUKS), so nothing in it can be inspected or changed."],
    [
      "a list that another function adds to",
      "--volume-id: … is no volume id. Give it as vol-0123456789abcdef0.",
    ],
    ["a constant in a template", "nine versions of it are kept beside it already. Remove those."],
    ["what a function says of how a program ended", "took longer than … s and was ended"],
    [
      "a script for the helper",
      "cloud-init was not through after … s: run again to wait on, or raise timeouts.helperSeconds",
    ],
    ["a fault of the console", "the initramfs waited for the root device in vain"],
    ["a removal that failed", "it had not ended after … minutes. Sweep again later."],
    ["a preview that is none", "is an exported state of a stack, and no preview."],
    ["the program on a live source", "the package manager is emerge."],
  ];
  for (const [how, wanted] of FOUND) {
    it(`have ${how}`, () => assert.ok(texts.some((text) => text.includes(wanted))));
  }

  for (const [what, left] of [
    ["faults of programming", "before its time"],
    ["reasons that another message repeats", "no cpio header"],
    ["the help", "Exit status:"],
    ["what the local cloud says", "InvalidAMIID"],
    ["progress", "logged in, asking"],
  ]) {
    it(`have no ${what}`, () => assert.ok(texts.every((text) => !text.includes(left))));
  }
});

describe("a line of a shell program", () => {
  const LINES: [line: string, said: string[]][] = [
    [`  problem "$name has no kernel line." "$needed" "Make one."`, ["… has no kernel line."]],
    [`[ -f "$0" ] || usage_error "prepare $ROOT: start it as a file."`, ["prepare …: start it as a file."]],
    [`mendable "$(packages)" "it lacks $(in_words "$late"), and more." "a" "b"`, ["it lacks …, and more."]],
    [`broken && problem "$broken." "packages that are whole." "$(hint)"`, ["…. packages that are whole. …"]],
    [`finish REFUSED "it runs as $user and cannot become root."`, ["it runs as … and cannot become root."]],
    [`say "FAILED: ended by SIG$1. Run it again."`, ["ended by SIG…. Run it again."]],
    [`finish NOCHANGE "nothing was missing."`, []],
    [`# problem FOUND NEEDED FIX - a reason to refuse`, []],
    [`problem() {`, []],
  ];
  for (const [line, said] of LINES) {
    it(`says ${JSON.stringify(said)} in ${line.trim()}`, () => assert.deepEqual(shellSays(line), said));
  }

  it("of a script in a text says what it fails with, and no progress", () => {
    const script = `echo 'logged in' >&2; fail "no room in $HOME."; work || echo 'ended, its limit' >&2`;
    assert.deepEqual(scriptMessages(script), ["no room in ….", "ended, its limit"]);
  });
});

describe("a quote on the page", () => {
  const message = (text: string): Message => ({ at: "", text });
  const QUOTES: [quote: string, text: string, isQuote: boolean][] = [
    ["is attached to …, which is", "is attached to …, which is … and may write to it", true],
    ["is … GiB, the source has", "is … GiB, the source has … GiB", true],
    ["bytes (…), … are needed", "has … bytes (… …), … are needed", true],
    ["is empty", "is empty", true],
    // A gap stands for what varies, and not for words.
    ["must be …, got …", "must be a whole number, got …", false],
    ["is attached to … and may write", "is attached to …, which is … and may write to it", false],
    // Too little to know a long message by.
    ["is attached", "is attached to …, which is … and may write to it", false],
  ];
  for (const [quote, text, isQuote] of QUOTES) {
    it(`${isQuote ? "is" : "is not"} \`${quote}\` for \`${text}\``, () =>
      assert.equal(isQuoteOf(quote, message(text)), isQuote));
  }

  it("is read from the tables of this program's messages alone", () => {
    const page = [
      "| code | why |",
      "| --- | --- |",
      "| `VolumeInUse` | b |",
      "",
      "| message | cause | cure |",
      "| --- | --- | --- |",
      '| <a id="x"></a>`one two`<br>`three` | why | what |',
    ];
    assert.deepEqual(readRows(page.join("\n")), [
      { line: 7, quotes: ["one two", "three"], cause: "why", cure: "what" },
    ]);
  });
});
