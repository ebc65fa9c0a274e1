/** What a preview's configuration tells of the stack program (`index.ts`). Pure. */
import { isRecord, type Preview, type Values } from "./preview";

/** Of the stack program, where a preview shows no setting that its project file gives by default. */
const HELPERS_BY_DEFAULT = "4";

/** How many helpers may run at once, where the program takes its migrations from the configuration. */
export function helpersAtOnce(preview: Preview): number | undefined {
  const byDefault = configuredMigrations(preview) === undefined ? undefined : HELPERS_BY_DEFAULT;
  const helpers = Number(valueOf(preview.config, "helpersAtOnce") ?? byDefault);
  return Number.isInteger(helpers) && helpers >= 1 ? helpers : undefined;
}

/** The migrations of the configuration, by name; undefined for a program that does not take them from there. */
export function configuredMigrations({ config }: Preview): Values | undefined {
  try {
    const migrations = JSON.parse(valueOf(config, "migrations") ?? "") as unknown;
    return isRecord(migrations) ? migrations : undefined;
  } catch {
    // Not JSON: another program's.
    return undefined;
  }
}

/** By its name without the project's. */
function valueOf(config: Record<string, string>, name: string): string | undefined {
  return Object.entries(config).find(([key]) => key.endsWith(`:${name}`))?.[1];
}
