/** The part of the protocol that speaks of the provider as a whole. */
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  ConfigureResponse,
  DiffRequest,
  DiffResponse,
  GetMappingResponse,
  GetMappingsResponse,
  GetSchemaResponse,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { answer } from "./answer";
import { changedNames } from "./differences";
import type { Session } from "./session";
import { toProperties } from "./values";

export function configurationMethods(session: Session) {
  return {
    handshake: answer(() => handshake()),
    attach: answer((request: PluginAttach) => {
      session.log.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: answer(() => new PluginInfo().setVersion(session.provider.version)),
    getSchema: answer(() => schema(session)),
    getMapping: answer(() => new GetMappingResponse()),
    getMappings: answer(() => new GetMappingsResponse()),
    checkConfig: answer((request: CheckRequest) => new CheckResponse().setInputs(request.getNews())),
    diffConfig: answer(diffConfig),
    configure: answer((request: ConfigureRequest) => configure(session, request)),
    cancel: answer(() => {
      session.abort.abort();
      return new Empty();
    }),
  };
}

/** Secrets and references arrive unwrapped, and the engine marks outputs secret whose inputs were. */
function handshake() {
  return new ProviderHandshakeResponse()
    .setAcceptSecrets(false)
    .setAcceptResources(false)
    .setAcceptOutputs(false);
}

async function configure({ provider }: Session, request: ConfigureRequest) {
  await provider.configure?.(toProperties(request.getArgs()));
  return new ConfigureResponse()
    .setAcceptsecrets(false)
    .setAcceptresources(false)
    .setAcceptoutputs(false)
    .setSupportspreview(true);
}

/** Another configuration never replaces the provider: everything it made is still its own. */
function diffConfig(request: DiffRequest) {
  const changed = changedNames(toProperties(request.getOldInputs()), toProperties(request.getNews()));
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  return new DiffResponse().setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE).setDiffsList(changed);
}

/** Name and version: the types are the SDK's business, and no program generates code from a stand-in. */
function schema({ provider: { name, version, schema } }: Session) {
  return new GetSchemaResponse().setSchema(JSON.stringify(schema ?? { name, version }));
}
