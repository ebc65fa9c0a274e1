import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { installPackage, type Installed } from "./installed";

/** Uses every kind of thing that the package exports. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { type ConversionReport, type PvToHvmMigrationArgs, PvToHvmMigration, Until } from "pv-to-hvm";

const args: PvToHvmMigrationArgs = {
  source: { imageId: pulumi.output("ami-0123456789abcdef0") },
  helper: { subnetId: "subnet-0123456789abcdef0", allowedCidrs: ["10.20.30.40/32"] },
  until: Until.Inspect,
};
export const migration = new PvToHvmMigration("web", args, { protect: true });
export const report: pulumi.Output<ConversionReport | undefined> = migration.report;
export const imageId: pulumi.Output<string | undefined> = migration.imageId;
`;

/** The ways in which programs find packages. */
const WAYS: { name: string; file: string; options: ts.CompilerOptions }[] = [
  {
    name: "CommonJS, as Pulumi's own templates have it",
    file: "index.ts",
    options: { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
  },
  {
    name: "CommonJS under node16",
    file: "index.cts",
    options: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  },
  {
    name: "an ES module under nodenext",
    file: "index.mts",
    options: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  },
  {
    name: "a bundler",
    file: "index.ts",
    options: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  },
];

describe("the npm package's types", function () {
  this.timeout(120_000);
  let installed: Installed;
  before(() => (installed = installPackage()));
  after(() => installed?.remove());

  function check(text: string, { file, options }: (typeof WAYS)[number]) {
    const folder = join(installed.folder, "program");
    mkdirSync(folder, { recursive: true });
    const path = join(folder, file);
    writeFileSync(path, text);
    const strict = {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      esModuleInterop: true,
      types: ["node"],
    };
    const program = ts.createProgram([path], { ...strict, target: ts.ScriptTarget.ES2022, ...options });
    const files = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName === path || fileName.includes("/node_modules/pv-to-hvm/"));
    const diagnostics = files.flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]);
    const problems = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    return { program, files, problems };
  }

  for (const way of WAYS) {
    it(`hold in a strict program for ${way.name}, the package's own files included`, () => {
      const { files, problems } = check(PROGRAM, way);
      assert.deepEqual(problems, []);
      const ours = files.filter(({ fileName }) => fileName.includes("/node_modules/pv-to-hvm/"));
      assert.ok(ours.length >= 5, "its declarations were read");
      assert.deepEqual(
        ours.filter(({ isDeclarationFile }) => !isDeclarationFile).map(({ fileName }) => fileName),
        [],
      );
    });

    it(`refuse a wrong argument in ${way.name}`, () => {
      const wrong = PROGRAM.replace("until: Until.Inspect", 'until: "tomorrow"');
      assert.match(check(wrong, way).problems.join("\n"), /"tomorrow"/);
    });
  }

  const SOURCES: [title: string, source: string, isTaken: boolean][] = [
    ["an image", `{ imageId: pulumi.output("ami-0") }`, true],
    ["a snapshot and its architecture", `{ snapshotId: "snap-0", architecture: "i386" }`, true],
    ["a volume and its architecture", `{ volumeId: "vol-0", architecture: "x86_64" }`, true],
    [
      "an instance with all that it can be asked",
      `{ instanceId: "i-0", stopFirst: true, prepare: true, connection: { user: "root", privateKey: "k" } }`,
      true,
    ],
    ["nothing", `{}`, false],
    ["an image and a snapshot", `{ imageId: "ami-0", snapshotId: "snap-0" }`, false],
    ["a volume and an instance", `{ volumeId: "vol-0", instanceId: "i-0" }`, false],
    ["an image and an architecture", `{ imageId: "ami-0", architecture: "i386" }`, false],
    ["a volume that is to be stopped", `{ volumeId: "vol-0", stopFirst: true }`, false],
    ["what goes with an instance, and none", `{ prepare: true }`, false],
    ["a word that a source does not have", `{ imageID: "ami-0" }`, false],
  ];
  it("take a source by exactly one id, with what goes with that alone", () => {
    // A line that is expected to be wrong and is not is an error as well.
    const declared = SOURCES.map(([title, source, isTaken], index) =>
      [
        isTaken ? `// ${title}` : `// @ts-expect-error ${title}`,
        `export const source${index}: SourceArgs = ${source};`,
      ].join("\n"),
    );
    const used = `new PvToHvmMigration("other", { ...args, source: source0 });`;
    const text = [PROGRAM, `import type { SourceArgs } from "pv-to-hvm";`, ...declared, used].join("\n");
    assert.deepEqual(check(text, WAYS[0]).problems, []);
  });

  it("need no more of Pulumi's packages than @pulumi/pulumi", () => {
    const { program } = check(PROGRAM, WAYS[0]);
    const others = program
      .getSourceFiles()
      .filter(({ fileName }) => /@pulumi\/(aws|tls|command)\//.test(fileName));
    assert.deepEqual(
      others.map(({ fileName }) => fileName),
      [],
    );
  });

  it("bring every argument's docstring, with its default", () => {
    const { program, files } = check(PROGRAM, WAYS[0]);
    const checker = program.getTypeChecker();
    const args = files.find(({ fileName }) => fileName.endsWith("components/args.d.ts"));
    const exported = args ? checker.getExportsOfModule(checker.getSymbolAtLocation(args) as ts.Symbol) : [];
    const fields = exported.flatMap((symbol) => checker.getDeclaredTypeOfSymbol(symbol).getProperties());
    const undocumented = fields.filter((field) => field.getDocumentationComment(checker).length === 0);
    assert.deepEqual(
      undocumented.map(({ name }) => name),
      [],
    );
    const until = fields.find(({ name }) => name === "until");
    assert.deepEqual(
      until?.getJsDocTags().map(({ name }) => name),
      ["default"],
    );
  });
});
