/** The package beside the oldest of each package that its ranges take. */
import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../installed";
import { itEmbeds, itMigrates } from "./embedding";
import { OLDEST } from "./ends";

describe("the npm package beside the oldest packages of its ranges", function () {
  const open = itEmbeds("oldest", OLDEST);
  itMigrates(open);

  it("asks them for nothing that they do not know, by their own types", function () {
    this.timeout(600_000);
    const modules = join(open().folder, "node_modules", "@pulumi");
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile).config,
      ts.sys,
      ROOT,
    );
    const entry = join(ROOT, "components", "index.ts");
    const paths = { "@pulumi/*": [join(modules, "*")] };
    const program = ts.createProgram([entry], { ...options, noEmit: true, paths });
    const read = program.getSourceFiles().map(({ fileName }) => fileName);
    assert.ok(read.some((file) => file.startsWith(join(modules, "aws"))));
    assert.ok(!read.some((file) => file.startsWith(join(ROOT, "node_modules", "@pulumi"))));
    const problems = ts.getPreEmitDiagnostics(program);
    assert.deepEqual(
      problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
      [],
    );
  });
});
