/** How each language's programs are started, which is each SDK's own convention. */
import { join } from "node:path";
import type { Launch, Operation } from "./program";

/** The node SDK's own starter, without type-checking: that is done once, for all programs. */
export function launchTypeScript(sdk: string): Launch {
  return (operation) => ({
    command: [process.execPath, join(sdk, "cmd", "run"), ...flags(operation), operation.folder],
    env: { PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
  });
}

/** The same starter, for a program in JavaScript and with this environment besides. */
export function launchJavaScript(sdk: string, env: Record<string, string>): Launch {
  return (operation) => ({
    command: [process.execPath, join(sdk, "cmd", "run"), ...flags(operation), operation.folder],
    env: { PULUMI_NODEJS_TYPESCRIPT: "false", ...env },
  });
}

/** By this program of the tests', since the Python SDK's starter comes with Pulumi's download. */
export function launchPython(interpreter: string, starter: string, sdk: string): Launch {
  return (operation) => ({
    command: [interpreter, starter, ...flags(operation), operation.folder],
    env: { PYTHONPATH: sdk },
  });
}

/** A Go program is its own starter. */
export function launchGo(program: string): Launch {
  return (operation) => ({
    command: [program],
    env: {
      PULUMI_MONITOR: operation.monitor,
      PULUMI_ENGINE: operation.engine,
      PULUMI_ORGANIZATION: operation.organization,
      PULUMI_PROJECT: operation.project,
      PULUMI_STACK: operation.stack,
      PULUMI_PARALLEL: String(operation.parallel),
      PULUMI_DRY_RUN: String(operation.isPreview),
    },
  });
}

function flags(operation: Operation): string[] {
  const { monitor, engine, organization, project, stack, folder, parallel, isPreview } = operation;
  const values = { monitor, engine, organization, project, stack, pwd: folder, parallel };
  const given = Object.entries(values).map(([name, value]) => `--${name}=${value}`);
  return isPreview ? [...given, "--dry-run"] : given;
}
