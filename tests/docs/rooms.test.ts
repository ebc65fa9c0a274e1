/** Who may import whom: what docs/architecture.md says, and what ESLint does of it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { ESLint } from "eslint";
import { read } from "./documents";

const RULE = "@typescript-eslint/no-restricted-imports";

/** What ESLint refuses of a file with this one import. */
async function refused(path: string, imported: string): Promise<string[]> {
  const [{ messages }] = await new ESLint().lintText(`import "${imported}";\n`, { filePath: path });
  return messages.filter(({ ruleId }) => ruleId === RULE).map(({ message }) => message);
}

describe("the table of who imports whom", () => {
  it("has every room with a program in it", () => {
    const files = execFileSync("git", ["ls-files", "*.ts"], { encoding: "utf8" }).split("\n");
    const isProduct = (file: string) => file.includes("/") && !/^(tests|examples)\//.test(file);
    const rooms = files.filter(isProduct).map((file) => file.split("/")[0]);
    const table = read("docs/architecture.md").split("## Who imports whom")[1].split("\n## ")[0];
    const rows = [...table.matchAll(/^\| `(\w+)/gm)].map(([, room]) => room);
    assert.deepEqual(rows.sort(), [...new Set(rooms)].sort());
  });

  it("has every folder of a room that has an order", () => {
    const files = execFileSync("git", ["ls-files", "components/*/*.ts"], { encoding: "utf8" })
      .trim()
      .split("\n");
    const folders = files.map((file) => file.split("/").slice(0, 2).join("/"));
    const section = read("docs/architecture.md")
      .split("## Folders, from the ground to the top")[1]
      .split("\n## ")[0];
    const rows = [...section.matchAll(/^\| `(\w+\/\w+)\/`/gm)].map(([, folder]) => folder);
    assert.deepEqual(rows.sort(), [...new Set(folders)].sort());
  });

  const CASES: [path: string, imported: string, isRefused: boolean][] = [
    ["components/steps/made.ts", "../../converter/types", false],
    ["components/steps/made.ts", "../../converter/disk/disk", true],
    ["components/steps/made.ts", "../findings/findings", false],
    ["components/findings/made.ts", "../published/publishedImage", false],
    ["components/published/made.ts", "../findings/findings", true],
    ["components/published/made.ts", "../../sweep/columns", true],
    ["components/made.ts", "./checks/problems", true],
    ["components/checks/made.ts", "../known", false],
    ["components/index.ts", "./program/peers", false],
    ["converter/disk/made.ts", "../../components/visible", false],
    ["converter/disk/made.ts", "../../components/visibleToo", true],
    ["previewReport/made.ts", "../sweep/item", true],
    ["previewReport/made.ts", "../cli/columns", false],
    ["cli/made.ts", "../sweep/item", true],
    ["converter/made.ts", "../cli/program", true],
    ["sweep/made.ts", "../tests/sweep/made", true],
  ];
  for (const [path, imported, isRefused] of CASES) {
    it(`${isRefused ? "refuses" : "takes"} ${imported} in ${path}`, async function () {
      this.timeout(60_000);
      const messages = await refused(path, imported);
      assert.equal(messages.length, isRefused ? 1 : 0, messages.join("\n"));
    });
  }
});
