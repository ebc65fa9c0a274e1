/** What the stack's configuration tells besides the preview's steps. Pure. */
import { at, isRecord, type Preview, stackStep, type Values } from "./preview";

/**
 * Migrations that a preview without `--show-sames` does not name, because nothing of them changes: those of the stack's
 * configuration and of its last update, without `shown`. Empty for a program that neither takes its migrations from the
 * configuration nor gives them as outputs.
 */
export function unshownMigrations(preview: Preview, shown: { name: string }[]): string[] {
  const configured = configuration(preview);
  const isEnabled = (name: string) => at(configured[name], "enabled") !== false;
  const known = [...Object.keys(configured), ...given(preview)].filter(isEnabled);
  const names = new Set(shown.map(({ name }) => name));
  return [...new Set(known)].filter((name) => !names.has(name));
}

/** Of the stack program, where a preview shows no setting that its project file gives by default. */
const HELPERS_BY_DEFAULT = "4";

/** How many helpers may run at once, where the program takes its migrations from the configuration. */
export function helpersAtOnce(preview: Preview): number | undefined {
  const byDefault = Object.keys(configuration(preview)).length > 0 ? HELPERS_BY_DEFAULT : undefined;
  const helpers = Number(valueOf(preview.config, "helpersAtOnce") ?? byDefault);
  return Number.isInteger(helpers) && helpers >= 1 ? helpers : undefined;
}

function configuration({ config }: Preview): Values {
  try {
    const migrations = JSON.parse(valueOf(config, "migrations") ?? "") as unknown;
    return isRecord(migrations) ? migrations : {};
  } catch {
    // Not JSON: another program's.
    return {};
  }
}

/** By its name without the project's. */
function valueOf(config: Record<string, string>, name: string): string | undefined {
  return Object.entries(config).find(([key]) => key.endsWith(`:${name}`))?.[1];
}

/** The outputs of the stack program are an object for each migration. */
function given(preview: Preview): string[] {
  const outputs = stackStep(preview)?.old?.outputs ?? {};
  const isMigration = (value: unknown) => isRecord(value) && ("imageId" in value || "plan" in value);
  return Object.keys(outputs).filter((name) => isMigration(outputs[name]));
}
