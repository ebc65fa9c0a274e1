/** What every example's folder has, and what all languages of a use have in common. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { LANGUAGES, PROGRAMS } from "./programs";
import { ROOT } from "./stage";

const FILES: Record<string, string[]> = {
  typescript: ["index.ts", "package.json", "tsconfig.json"],
  python: ["__main__.py", "requirements.txt"],
  go: ["main.go", "go.mod"],
  yaml: [],
};

interface Project {
  name: string;
  description: string;
  config: Record<string, { type: string; default?: unknown; description?: string }>;
}

describe("the examples", () => {
  for (const program of PROGRAMS) {
    for (const language of LANGUAGES) {
      const folder = join(ROOT, "examples", program.folder(language));
      const read = (file: string) => readFileSync(join(folder, file), "utf8");

      it(`have all files of ${program.folder(language)}`, () => {
        const missing = FILES[language].filter((file) => !existsSync(join(folder, file)));
        assert.deepEqual(missing, []);
        const readme = [folder, join(folder, "..")].some((each) => existsSync(join(each, "README.md")));
        assert.ok(readme, "no README.md");
      });

      it(`use each setting that ${program.folder(language)} declares`, () => {
        const text = read(FILES[language][0] ?? "Pulumi.yaml");
        const unused = Object.keys(projectIn(folder).config).filter((name) => !isUsed(name, text, language));
        assert.deepEqual(unused, []);
      });
    }

    // In YAML a fleet is no list: see there.
    const alike = LANGUAGES.filter((language) => program.name !== "fleet" || language !== "yaml");
    it(`are configured alike in every language: ${program.name}`, () => {
      const [first, ...others] = alike.map((language) => settingsOf(program.folder(language)));
      for (const other of others) assert.deepEqual(other, first);
    });
  }
});

function isUsed(name: string, text: string, language: string): boolean {
  return language === "yaml" ? new RegExp(`\\$\\{${name}\\b`).test(text) : text.includes(`"${name}"`);
}

function projectIn(folder: string): Project {
  return parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as Project;
}

/** Without descriptions, which are comments in a program that is YAML itself. */
function settingsOf(folder: string) {
  const { name, description, config } = projectIn(join(ROOT, "examples", folder));
  const settings = Object.entries(config).map(([key, { description: _, ...setting }]) => [key, setting]);
  return { name, description, config: Object.fromEntries(settings) };
}
