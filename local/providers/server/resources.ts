/** The part of the protocol that makes, changes and removes resources. */
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  CheckFailure,
  CheckRequest,
  CheckResponse,
  CreateRequest,
  CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  PropertyDiff,
  ReadRequest,
  ReadResponse,
  UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { UNKNOWN, type Diff, type Properties, type ResourceHandler } from "../provider";
import { answer } from "./answer";
import { changedNames, differencesAt, withoutIgnored, type Difference } from "./differences";
import { refreshedInputs } from "./refreshedInputs";
import { contextOf, handlerOf, type Session } from "./session";
import { toProperties, toStruct } from "./values";

export function resourceMethods(session: Session) {
  const flush = () => session.log.flush();
  return {
    check: answer((request: CheckRequest) => check(session, request), flush),
    diff: answer((request: DiffRequest) => diff(session, request), flush),
    create: answer((request: CreateRequest) => create(session, request), flush),
    read: answer((request: ReadRequest) => read(session, request), flush),
    update: answer((request: UpdateRequest) => update(session, request), flush),
    delete: answer((request: DeleteRequest) => remove(session, request), flush),
  };
}

async function check(session: Session, request: CheckRequest) {
  const handler = handlerOf(session, request.getUrn());
  const news = toProperties(request.getNews());
  const olds = request.hasOlds() ? toProperties(request.getOlds()) : undefined;
  const context = { ...contextOf(session, request.getUrn()), seed: request.getRandomseed_asU8() };
  const checked = await handler.check?.(news, olds, context);
  return new CheckResponse()
    .setInputs(toStruct(checked?.inputs ?? news))
    .setFailuresList((checked?.failures ?? []).map(toFailure));
}

export function toFailure({ property, reason }: { property: string; reason: string }): CheckFailure {
  return new CheckFailure().setProperty(property).setReason(reason);
}

async function diff(session: Session, request: DiffRequest) {
  const handler = handlerOf(session, request.getUrn());
  const olds = toProperties(request.getOldInputs());
  const news = toProperties(request.getNews());
  const found = handler.diff
    ? await handler.diff(request.getId(), olds, news, toProperties(request.getOlds()))
    : { changed: changedNames(olds, news), replaces: [] };
  return toDiffResponse(withoutIgnored(found, request.getIgnorechangesList()), olds, news);
}

function toDiffResponse(
  { changed, replaces, deleteBeforeReplace }: Diff,
  olds: Properties,
  news: Properties,
) {
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  const response = new DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace ?? false)
    .setHasdetaileddiff(true);
  for (const name of changed) {
    const places = differencesAt(name, olds[name], news[name]);
    for (const place of places.length > 0 ? places : [{ path: name, kind: "update" as const }]) {
      response.getDetaileddiffMap().set(place.path, toPropertyDiff(place, replaces.includes(name)));
    }
  }
  return response;
}

function toPropertyDiff({ kind }: Difference, replaces: boolean): PropertyDiff {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
  const kinds = {
    add: [ADD, ADD_REPLACE],
    delete: [DELETE, DELETE_REPLACE],
    update: [UPDATE, UPDATE_REPLACE],
  };
  return new PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]).setInputdiff(true);
}

/** Throwing is what records nothing: the engine makes the resource anew on the next run. */
async function create(session: Session, request: CreateRequest) {
  const handler = handlerOf(session, request.getUrn());
  const inputs = toProperties(request.getProperties());
  if (request.getPreview()) {
    return new CreateResponse().setProperties(toStruct(previewOf(handler, inputs, undefined)));
  }
  const context = contextOf(session, request.getUrn(), request.getTimeout());
  const { id, state } = await handler.create(inputs, context);
  return new CreateResponse().setId(id).setProperties(toStruct(state));
}

/** The state as far as it is known before the update; every output that is not is UNKNOWN, and shows as such. */
export function previewOf(
  handler: ResourceHandler,
  inputs: Properties,
  state: Properties | undefined,
): Properties {
  const known = handler.preview?.(inputs, state) ?? { ...outputsOf(handler, state), ...inputs };
  const unknown = (handler.outputs ?? []).filter((name) => known[name] === undefined);
  return { ...known, ...Object.fromEntries(unknown.map((name) => [name, UNKNOWN])) };
}

/** An update keeps the outputs that it has, unless the handler's own `preview` knows better. */
function outputsOf(handler: ResourceHandler, state: Properties = {}): Properties {
  const names = (handler.outputs ?? []).filter((name) => state[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, state[name]]));
}

async function read(session: Session, request: ReadRequest) {
  const handler = handlerOf(session, request.getUrn());
  const state = toProperties(request.getProperties());
  const recorded = { id: request.getId(), state, inputs: toProperties(request.getInputs()) };
  const context = contextOf(session, request.getUrn(), request.getTimeout());
  const found = handler.read ? await handler.read(request.getId(), state, context) : recorded;
  // An empty id says that the resource is gone.
  if (!found) return new ReadResponse();
  return new ReadResponse()
    .setId(found.id)
    .setProperties(toStruct(found.state))
    .setInputs(toStruct(refreshedInputs(recorded.inputs, found.inputs)));
}

async function update(session: Session, request: UpdateRequest) {
  const handler = handlerOf(session, request.getUrn());
  const inputs = toProperties(request.getNews());
  const state = toProperties(request.getOlds());
  if (request.getPreview()) {
    return new UpdateResponse().setProperties(toStruct(previewOf(handler, inputs, state)));
  }
  if (!handler.update) throw new Error(`${request.getUrn()}: cannot be changed in place. Replace it.`);
  const context = contextOf(session, request.getUrn(), request.getTimeout());
  const olds = toProperties(request.getOldInputs());
  const updated = await handler.update(request.getId(), inputs, olds, state, context);
  return new UpdateResponse().setProperties(toStruct(updated));
}

async function remove(session: Session, request: DeleteRequest) {
  const handler = handlerOf(session, request.getUrn());
  const context = contextOf(session, request.getUrn(), request.getTimeout());
  await handler.delete(request.getId(), toProperties(request.getProperties()), context);
  return new Empty();
}
