/** The configurations that the documents show are read by what reads a stack's. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { readConfiguration } from "../../components/program/configuration";
import { ENTRY } from "../../components/configurationShape";
import { blocksOf, DOCUMENTS, read } from "./documents";

type Values = Record<string, unknown>;

/** A stack's settings; or some keys of one entry, which are shown where the rest has been shown before. */
function settingsOf(block: Values): Values | undefined {
  const settings = (block.config ?? block) as Values;
  const names = Object.keys(settings);
  if (names.some((name) => name.startsWith("pv-to-hvm:"))) return settings;
  const isEntry = names.length > 0 && names.every((name) => Object.hasOwn(ENTRY, name));
  return isEntry ? { "pv-to-hvm:migrations": { shown: settings } } : undefined;
}

/** Key files are a reader's own and not in this checkout; what is encrypted arrives as the text that it was. */
function asItArrives(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  if ("secure" in value) return "SECRET";
  const entries = Object.entries(value).map(([key, inner]) =>
    key === "privateKeyFile" ? ["privateKey", "KEY"] : [key, asItArrives(inner)],
  );
  return Object.fromEntries(entries) as Values;
}

function readSettings(settings: Values) {
  const texts = Object.entries(settings).map(([name, value]) => {
    const arrived = asItArrives(value);
    return [name, typeof arrived === "object" ? JSON.stringify(arrived) : String(arrived)];
  });
  return readConfiguration(Object.fromEntries(texts) as Record<string, string>);
}

describe("the YAML in the documents", () => {
  const blocks = DOCUMENTS.flatMap((file) =>
    blocksOf(read(file))
      .filter(({ language }) => ["yaml", "yml"].includes(language))
      .map(({ text, line }) => ({ text, where: `${file}:${line}` })),
  );

  for (const { where, text } of blocks) {
    it(`can be parsed at ${where}, and is taken by the program where it is a stack's`, () => {
      const settings = settingsOf(parse(text) as Values);
      if (settings) assert.deepEqual(readSettings(settings).refused, []);
    });
  }

  it("shows at least one whole stack, and at least one entry's part", () => {
    const shown = blocks.map(({ text }) => settingsOf(parse(text) as Values)).filter(Boolean);
    assert.ok(shown.length >= 2, `${shown.length} of ${blocks.length}`);
  });

  it("would be refused with a key that nobody knows", () => {
    const { refused } = readSettings({ "pv-to-hvm:migrations": { shown: { soruce: {} } } });
    assert.match(
      refused[0].problems.map(({ path, reason }) => `${path}: ${reason}`).join(),
      /soruce: is not known/,
    );
  });
});
