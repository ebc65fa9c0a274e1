/** How each language's programs are started, which is each SDK's own convention. */
import { flags, launchNode } from "../../../local/host/launchNode";
import type { Launch } from "../../../local/host/program";

/** The node SDK's own starter, without type-checking: that is done once, for all programs. */
export function launchTypeScript(sdk: string): Launch {
  const env = { PULUMI_NODEJS_TYPESCRIPT: "true", PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
  return (operation) => ({ ...launchNode(sdk, operation.folder)(operation), env });
}

/** The same starter, for a program in JavaScript and with this environment besides. */
export function launchJavaScript(sdk: string, env: Record<string, string>): Launch {
  return (operation) => {
    const plain = launchNode(sdk, operation.folder)(operation);
    return { ...plain, env: { ...plain.env, ...env } };
  };
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
