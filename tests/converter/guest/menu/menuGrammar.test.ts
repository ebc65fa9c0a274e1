import assert from "node:assert/strict";
import { asOneLine, readLines, readNumber } from "../../../../converter/guest/menu/menuGrammar";

describe("the lines of a menu, as GRUB legacy puts them together", () => {
  const COMMANDS: [line: string, name: string | undefined, rest?: string][] = [
    ["default=0", "default", "0"],
    ["\ttimeout\t 5 ", "timeout", "5 "],
    ["title a = b", "title", "a = b"],
    ["hiddenmenu", "hiddenmenu", ""],
    ["root = (hd0)", "root", "(hd0)"],
    ["TITLE x", "TITLE", "x"],
    ["ti\rtle\r x\r\n", "title", "x"],
    ["title a\\\r\r\n\tb\n", "title", "a  b"],
    ["\\\n  title a", "title", "a"],
    ["title a\\", "title", "a\\"],
    ["title a\0b", "title", "a"],
    ["\ufefftitle a", "\ufefftitle", "a"],
    ["\u00a0title a", "\u00a0title", "a"],
    ["#root (hd0)", undefined],
    ["\t # root (hd0)", undefined],
    ["   ", undefined],
  ];
  for (const [line, name, rest] of COMMANDS) {
    it(`reads ${JSON.stringify(line)} as ${name === undefined ? "no command" : JSON.stringify([name, rest])}`, () =>
      assert.deepEqual(
        readLines(line).map(({ command }) => command),
        [name === undefined ? undefined : { name, rest }],
      ));
  }

  it("lets a comment swallow the line after its backslash, and keeps them as two", () => {
    assert.deepEqual(readLines("# a \\\ndefault 1\n# b\n"), [
      { raw: "# a \\\n" },
      { raw: "default 1\n", swallowed: true },
      { raw: "# b\n" },
    ]);
  });

  it("drops what is beyond 1500 bytes of a line, counted in UTF-8", () => {
    const lines = [`title ${"x".repeat(1600)}`, `title ${"é".repeat(800)}`].map((text) => readLines(text)[0]);
    assert.deepEqual(
      lines.map(({ command }) => Buffer.byteLength(command?.rest ?? "")),
      [1494, 1494],
    );
    assert.ok(lines.every((line) => Buffer.byteLength(asOneLine(line)) === 1500));
  });

  const NUMBERS: [text: string, value: number | undefined, after?: string][] = [
    ["1", 1, ""],
    ["0x1f z", 31, " z"],
    ["0XaG", 10, "G"],
    ["010", 10, ""],
    ["1x2", 1, "x2"],
    ["2147483647", 2147483647, ""],
    ["2147483648", undefined],
    ["0x", undefined],
    [" 1", undefined],
    ["-1", undefined],
    ["", undefined],
  ];
  for (const [text, value, after] of NUMBERS) {
    it(`reads ${JSON.stringify(text)} as ${value === undefined ? "no number" : String(value)}`, () =>
      assert.deepEqual(readNumber(text), value === undefined ? undefined : { value, after }));
  }
});
