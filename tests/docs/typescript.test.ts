/** The TypeScript in the documents is type-checked against the component as it is. */
import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { all, type Block, blocksOf, DOCUMENTS, read, ROOT } from "./documents";

interface Program {
  where: string;
  file: string;
  text: string;
}

const ARGUMENTS = ["args", "sourceArgs"].flatMap((file) =>
  all(/^export interface (\w+Args)/gm, read(`components/${file}.ts`)),
);

/** What a part of a program may take from the rest of it, which is shown elsewhere or is a reader's own. */
const ELSEWHERE: Record<string, string> = {
  PvToHvmMigration: 'import { PvToHvmMigration } from "pv-to-hvm";',
  args: "declare const args: all.PvToHvmMigrationArgs;",
  config: "declare const config: Config;",
  connection: "declare const connection: all.SourceConnectionArgs;",
  first: "declare const first: all.PvToHvmMigration;",
  instanceId: "declare const instanceId: string;",
};

/** Arguments alone are some of those of one of the interfaces. */
function programOf({ text }: Block): string {
  const isArguments = /^\s*\{/.test(text);
  const some = ARGUMENTS.map((name) => `Partial<all.${name}>`).join(" | ");
  const program = isArguments ? `export const shown: ${some} = ${text}` : text;
  const declares = (name: string) => new RegExp(`(?:const|import [^;]*)\\b${name}\\b`).test(text);
  return [
    'import * as all from "pv-to-hvm";',
    'import { Config } from "@pulumi/pulumi";',
    ...Object.entries(ELSEWHERE).flatMap(([name, line]) => (declares(name) ? [] : [line])),
    program,
  ].join("\n");
}

const PROGRAMS: Program[] = DOCUMENTS.flatMap((document) =>
  blocksOf(read(document))
    .filter(({ language }) => ["ts", "typescript"].includes(language))
    .map((block) => ({
      where: `${document}:${block.line}`,
      file: join(ROOT, `${document.replace(/\W/g, "-")}-${block.line}.ts`),
      // Each is a module of its own, whatever it imports.
      text: `${programOf(block)}\nexport {};\n`,
    })),
);

/** What the compiler says of each program, as its file were beside the project's own. */
function check(programs: Program[]): Map<string, string[]> {
  const options: ts.CompilerOptions = {
    ...ts.parseJsonConfigFileContent(
      ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile).config,
      ts.sys,
      ROOT,
    ).options,
    noEmit: true,
    noUnusedLocals: false,
    paths: { "pv-to-hvm": [join(ROOT, "components/index.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const texts = new Map(programs.map(({ file, text }) => [file, text]));
  const readFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version, ...rest) => {
    const text = texts.get(file);
    return text === undefined ? readFile(file, version, ...rest) : ts.createSourceFile(file, text, version);
  };
  const exists = host.fileExists.bind(host);
  host.fileExists = (file) => texts.has(file) || exists(file);
  const program = ts.createProgram([...texts.keys()], options, host);
  return new Map(programs.map(({ file }) => [file, complaintsOf(program, file)]));
}

function complaintsOf(program: ts.Program, file: string): string[] {
  const source = program.getSourceFile(file);
  const complaints = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("the TypeScript in the documents", function () {
  this.timeout(180_000);
  let complaints: Map<string, string[]>;
  before(() => (complaints = check(PROGRAMS)));

  for (const { where, file } of PROGRAMS) {
    it(`is right at ${where}`, () => assert.deepEqual(complaints.get(file), []));
  }

  it("is there", () => assert.notEqual(PROGRAMS.length, 0));
});
