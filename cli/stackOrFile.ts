/** Where a program reads from: a stack, or a file. Pure. */
import { UsageError } from "../converter/errors";

/** The one FILE of a command line; undefined where none is named. Throws a `UsageError` for several. */
export function fileOf(names: string[]): string | undefined {
  if (names.length > 1) throw new UsageError(`one FILE at most, got ${names.join(" ")}.`);
  return names[0];
}

/** A stack or a FILE. Throws a `UsageError` for both, and for a stack without a name. */
export function stackOrFile(stack: string | undefined, names: string[]): { stack?: string; file?: string } {
  const file = fileOf(names);
  if (stack !== undefined && file !== undefined) {
    throw new UsageError(`the stack ${stack} or the file ${file}: name one of the two.`);
  }
  if (stack === "") throw new UsageError("--stack: an empty name. `pulumi stack ls` lists the stacks.");
  return { stack, file };
}
