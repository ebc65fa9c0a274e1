/** What is told to people: the function, and the same in the shell of guests. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { shown, visible, visibleValue } from "../../components/visible";

const CASES: [what: string, text: string, shown: string][] = [
  ["an escape sequence that colours", "a\x1b[31mb", "a\\u{1b}[31mb"],
  ["the same as one character of Latin-1's upper controls", "a\x9b31mb", "a\\u{9b}31mb"],
  ["a title for the terminal's window", "\x1b]0;mine\x07", "\\u{1b}]0;mine\\u{7}"],
  ["a carriage return, which lets a line be written over", "FAILED\rPASSED", "FAILED\\u{d}PASSED"],
  ["a mark that turns the direction", "abc\u202ecba", "abc\\u{202e}cba"],
  ["a character without a width", "ro\u200bot", "ro\\u{200b}ot"],
  ["a separator of lines that few know", "one\u2028two", "one\\u{2028}two"],
  ["a tag character", "a\u{e0041}", "a\\u{e0041}"],
  ["a colour of the engine's", "<{%reset%}>", "<{ %reset%}>"],
  ["a command to a runner", "::add-mask::e", ": :add-mask::e"],
  ["the same behind blanks, in a later line", "one\n \t::error::x", "one\n \t: :error::x"],
  ["a command in its older form, anywhere", "say ##[error]x", "say ## [error]x"],
];

const SAME = [
  "",
  "plain",
  "tab\tand\nnewline",
  "café, 日本, 😀",
  "std::string, a::b",
  "## heading",
  "{% if %}",
  "Grüße – “x” …",
];

describe("a text that is shown", () => {
  for (const [what, text, shown] of CASES) {
    it(`has visible in it: ${what}`, () => assert.equal(visible(text), shown));
  }

  for (const text of SAME) {
    it(`stays as it is: ${JSON.stringify(text)}`, () => assert.equal(visible(text), text));
  }

  it("has nothing left that is not seen or does something, and stays as it is the second time", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = visible(text);
        assert.doesNotMatch(
          shown,
          /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]|<\{%|##\[|^[ \t]*::/mu,
        );
        assert.equal(visible(shown), shown);
      }),
      { numRuns: 2000 },
    );
  });

  it("is every text in a value, names of properties too", () => {
    assert.deepEqual(visibleValue({ "a\x1b": ["\x9b", 1, null, true, { b: "<{%x%}>" }] }), {
      "a\\u{1b}": ["\\u{9b}", 1, null, true, { b: "<{ %x%}>" }],
    });
  });
});

const pieces = [
  "<{%",
  "::",
  "##[",
  "\x1b[2J",
  "\x9b",
  "\u202e",
  "\u200b",
  "\r",
  "é",
  "日",
  "😀",
  "\u{e0041}",
  " ",
  "\t",
  "\\",
  '"',
  "&",
  "%s",
  "\n",
];
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...pieces, "a", "b"), { maxLength: 12 }).map((all) => all.join("")),
);

/** With a secret in it, of a kind that the files have which a preparation changes; and some without. */
const SECRET = [
  "password --md5 $1$Jx8sBz$Ek2S9fLrWd1lYaPq0Tn41",
  "    -password hunter2",
  "+\tlock password_pbkdf2 root grub.pbkdf2.sha512.10000.4E1C",
  "//nas/data /mnt cifs username=bob,password=hunter2,uid=0 0 0",
  'DB_PASSWORD="a b" x=1',
  "api_key = abc def",
  "a token:x and $6$saltsalt$abcdefghijklmnop",
  "awk { print $1$2 }, passno 0 0, keytable us",
  'GRUB_CMDLINE_LINUX="console=tty0 quiet"',
  "kernel /boot/vmlinuz ro root=/dev/sda1 crashkernel=128M",
];

/** Each with Debian's awk and with busybox'. */
const SHELLS: [name: string, command: string[]][] = [
  ["dash", ["dash"]],
  ["busybox", ["busybox", "sh"]],
  ["bash --posix", ["bash", "--posix"]],
];

describe("a text that the program on a live source shows", function () {
  this.timeout(120_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "visible-test-"))));
  after(() => rmSync(folder, { recursive: true }));

  const part = (name: string) => readFileSync(join(__dirname, "../../live/report", name), "utf8");

  for (const [name, [program, ...options]] of SHELLS) {
    for (const awk of ["mawk", "busybox"]) {
      it(`is what the component would show, in ${name} with ${awk}'s awk`, () => {
        const tools = mkdtempSync(join(folder, "bin-"));
        symlinkSync(execFileSync("which", [awk], { encoding: "utf8" }).trim(), join(tools, "awk"));
        const script = join(tools, "script.sh");
        writeFileSync(script, `${part("jsonString.sh")}\n${part("visible.sh")}\nvisible "$1"\n`);
        const show = (text: string) =>
          execFileSync(program, [...options, script, text], {
            env: { PATH: `${tools}:${process.env.PATH}`, LC_ALL: "C" },
            encoding: "utf8",
          });
        for (const [, text, shown] of CASES) assert.equal(show(text), `${shown}\n`);
        for (const text of SAME) assert.equal(show(text), `${text}\n`);
        for (const text of SECRET) assert.equal(show(text), `${shown(text)}\n`);
        fc.assert(
          fc.property(anyText, (text) => {
            // An argument of a program has no NUL, and what is sent is UTF-8.
            const sent = Buffer.from(text.replaceAll("\0", "")).toString();
            assert.equal(show(sent), `${visible(sent)}\n`);
          }),
          { numRuns: 40, seed: 7 },
        );
      });
    }
  }
});
