/** Speaks the engine's protocol (pulumi/provider.proto) in front of a stand-in provider. */
import { Server } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Provider } from "./provider";
import { configurationMethods } from "./server/configuration";
import { EngineLog } from "./server/engineLog";
import { functionMethods } from "./server/functions";
import { endWithEngine, engineAddressOf } from "./server/lifetime";
import { type Listening, listenToOwnUser } from "./server/ownUser";
import { resourceMethods } from "./server/resources";
import type { Session } from "./server/session";

/** Assets travel inside messages (a text asset whole), so gRPC's 4 MB are too few. The engine's own limit is 400 MB. */
const MESSAGE_LIMIT_BYTES = 400 * 1024 * 1024;

/**
 * Serves the provider to one engine: prints the port it listens on as the first line of standard output, which is what
 * the engine waits for, and ends with the engine. The promise resolves once the port is printed.
 */
export async function serve(provider: Provider, argv: string[] = process.argv.slice(2)): Promise<void> {
  const engineAddress = engineAddressOf(argv);
  const { port } = await listen(provider, engineAddress);
  endWithEngine(engineAddress);
  process.stdout.write(`${port}\n`);
}

/** Starts the server alone, on a free port of the loopback. */
export function listen(provider: Provider, engineAddress?: string): Promise<Listening> {
  const session: Session = { provider, log: new EngineLog(engineAddress), abort: new AbortController() };
  const server = new Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT_BYTES,
    "grpc.max_send_message_length": MESSAGE_LIMIT_BYTES,
  });
  server.addService(ResourceProviderService, {
    ...configurationMethods(session),
    ...resourceMethods(session),
    ...functionMethods(session),
  });
  return listenToOwnUser(server);
}
