/** What was typed, taken apart by Node's own parser. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "./errors";

/** Throws a `UsageError` for what does not fit. `advice`: what to do about it, whole sentences. */
export function parseOptions<T extends ParseArgsConfig>(
  config: T,
  advice: string,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${problemIn(error as Error)}. ${advice}`);
  }
}

/** Node's own words in one line, without what it says of positional arguments. */
function problemIn({ message }: Error): string {
  return message
    .replace(/\. (To specify a positional|This command).*$/s, "")
    .replaceAll("\n", " ")
    .replace(/\.$/, "");
}
