/**
 * What runs a program for the engine. Pulumi's own language hosts come with its official download only; the part of them
 * that previews and updates need is small, and the engine takes one that runs already (`pulumi --client ADDRESS`).
 */
import { Server } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { GetRequiredPluginsResponse, RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { answer } from "../providers/server/answer";
import { listenToOwnUser } from "../providers/server/ownUser";
import { type Launch, type Operation, type ProgramEnd, runProgram } from "./program";

export interface LanguageHost {
  /** `127.0.0.1:PORT`, for `--client`. */
  address: string;
  close(): void;
}

/** Starts a host that runs every program in this way. */
export async function startLanguageHost(launch: Launch): Promise<LanguageHost> {
  const server = new Server();
  server.addService(LanguageRuntimeService, {
    // None: the plugins that programs need are in the PULUMI_HOME, or attached.
    getRequiredPlugins: answer(() => new GetRequiredPluginsResponse()),
    getPluginInfo: answer(() => new PluginInfo()),
    run: answer(async (request: RunRequest) => responseOf(await runProgram(launch, operationOf(request)))),
  });
  const { port, close } = await listenToOwnUser(server);
  return { address: `127.0.0.1:${port}`, close };
}

/** What a program has to be told of the operation. */
function operationOf(request: RunRequest): Operation {
  return {
    monitor: request.getMonitorAddress(),
    engine: request.getArgsList()[0],
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    folder: request.getPwd(),
    parallel: request.getParallel(),
    isPreview: request.getDryrun(),
    config: Object.fromEntries(request.getConfigMap().getEntryList()),
    secretKeys: request.getConfigsecretkeysList(),
  };
}

function responseOf({ error, isTold }: ProgramEnd): RunResponse {
  const response = new RunResponse();
  if (error === undefined) return response;
  // "Bail": the user has seen why, and the engine adds nothing.
  if (isTold) response.setBail(true);
  else response.setError(error);
  return response;
}
