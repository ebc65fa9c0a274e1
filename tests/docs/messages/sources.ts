/** The program's sources as the compiler reads them: by themselves, without the packages that they use. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../documents";

/** The rooms whose words a user reads. What speaks as EC2 does, or builds this repository, is none of them. */
const ROOMS = [
  "components",
  "converter",
  "cli",
  "sweep",
  "preflight",
  "snapshots",
  "discover",
  "previewReport",
  "stackReport",
  "provider",
  "bin",
];

export interface Sources {
  files: ts.SourceFile[];
  checker: ts.TypeChecker;
}

/** Reads every room. Nothing is type-checked: the checker only tells which declaration a name is of. */
export function readSources(): Sources {
  const names = ROOMS.flatMap((room) => filesBelow(room, ".ts")).map((file) => join(ROOT, file));
  const options: ts.CompilerOptions = { noLib: true, types: [], target: ts.ScriptTarget.ES2022 };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(({ text }) =>
      text.startsWith(".")
        ? ts.resolveModuleName(text, containing, options, host)
        : { resolvedModule: undefined },
    );
  const program = ts.createProgram(names, options, host);
  return { files: program.getSourceFiles() as ts.SourceFile[], checker: program.getTypeChecker() };
}

/** A room's files of one kind, from the project's folder on. */
export function filesBelow(room: string, ending: string): string[] {
  const files = readdirSync(join(ROOT, room), { recursive: true }) as string[];
  return files
    .filter((file) => file.endsWith(ending))
    .map((file) => `${room}/${file}`)
    .sort();
}

/** Every node of a tree, itself first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}
