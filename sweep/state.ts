/** A stack's exported state, as far as it tells what is held. Pure. */
import { partsOf } from "../cli/urn";

/** What is read of `pulumi stack export`. */
export interface Deployment {
  resources?: StateResource[];
  pending_operations?: { resource: StateResource; type: string }[];
}

interface StateResource {
  urn: string;
  id?: string;
}

export interface StackState {
  /** As the backend lists it. */
  name: string;
  /** `project/stack`, as resources are tagged; undefined where neither name nor state tells the project. */
  tag?: string;
  /** Pulumi's service: an update is under way. */
  updateInProgress?: boolean;
  /** Names of resources by their EC2 ids, also of those that wait to be deleted. */
  holds: Map<string, string>;
  /** Names of resources, or of the stack, by the EC2 ids that stand anywhere in what is recorded of them. */
  mentions: Map<string, string>;
  /** What was being made when the state was last written: its id is not there yet. */
  creating: string[];
}

/** Of what a migration makes. */
const ID = /\b(?:i|vol|sg|ami|snap)-[0-9a-f]{8,17}\b/g;

/** Reads a state; `name` and `url` are those of `pulumi stack ls`. */
export function readState(
  { name, url }: { name: string; url?: string },
  { resources = [], pending_operations: pending = [] }: Deployment,
): StackState {
  const everything = [...resources, ...pending.map(({ resource }) => resource)];
  return {
    name,
    tag: tagOfUrn(resources[0]?.urn) ?? tagOfName(name) ?? tagOfUrl(url),
    holds: new Map(everything.flatMap(({ urn, id }) => (id ? [[id, partsOf(urn).name]] : []))),
    mentions: new Map(
      everything.flatMap((resource) =>
        idsIn(resource).map((id): [string, string] => [id, partsOf(resource.urn).name]),
      ),
    ),
    creating: pending
      .filter(({ type }) => type === "creating")
      .map(({ resource }) => partsOf(resource.urn).name),
  };
}

function idsIn(resource: StateResource): string[] {
  return JSON.stringify(resource).match(ID) ?? [];
}

function tagOfUrn(urn = ""): string | undefined {
  const { project, stack } = partsOf(urn);
  return project === "" ? undefined : `${project}/${stack}`;
}

/** `organization/project/stack`; shorter ones lack the project, since it is that of the current folder. */
function tagOfName(name: string): string | undefined {
  const parts = name.split("/");
  return parts.length === 3 ? parts.slice(1).join("/") : undefined;
}

/** `https://app.pulumi.com/organization/project/stack` */
function tagOfUrl(url: string | undefined): string | undefined {
  return url && new URL(url).pathname.split("/").slice(-2).join("/");
}
