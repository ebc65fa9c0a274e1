/**
 * The package's types: a declaration, with its docstrings, of each file that the entry's own declarations lead to. A file
 * at a time, without type-checking, which takes half a second in place of ten: each file says its types itself.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const OPTIONS = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, strict: true };

/** Writes the declarations of `entry`, a source file, below `folder`. Throws where a file leaves a type to be inferred. */
export function writeDeclarations(entry, folder) {
  rmSync(folder, { recursive: true, force: true });
  const files = [entry];
  for (const file of files) {
    const text = declarationsOf(file);
    const output = join(folder, file.replace(/\.ts$/, ".d.ts"));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, text);
    files.push(...importsOf(file, text).filter((imported) => !files.includes(imported)));
  }
}

function declarationsOf(file) {
  const compilerOptions = { ...OPTIONS, declaration: true, isolatedDeclarations: true };
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, "utf8"), {
    compilerOptions,
    fileName: file,
    reportDiagnostics: true,
  });
  const problems = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  if (problems.length > 0) throw new Error(`${file} is part of the package's types.\n${problems.join("\n")}`);
  return outputText;
}

/** The project's own files that the declarations name. */
function importsOf(file, declarations) {
  const { importedFiles } = ts.preProcessFile(declarations);
  const relative = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith("."));
  return relative
    .map((name) => join(dirname(file), name))
    .map((path) => (existsSync(`${path}.ts`) ? `${path}.ts` : join(path, "index.ts")));
}
