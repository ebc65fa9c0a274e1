/** Worlds in which a source volume or instance is otherwise than in order. */
import { ec2Error, IDS, PASSES, SOURCE_INSTANCE, SOURCE_VOLUME } from "../ec2";
import { ANSWERS, type World } from "../mockEngine";

type Values = Record<string, unknown>;

const GET_INSTANCE = "aws:ec2/getInstance:getInstance";
const GET_INSTANCES = "aws:ec2/getInstances:getInstances";
const GET_SNAPSHOT = "aws:ebs/getSnapshot:getSnapshot";

/** A source instance that differs in this, and passes these filters otherwise. */
export function instanceWorld(change: object, passes: Record<string, boolean> = {}): World {
  return {
    calls: {
      [GET_INSTANCE]: (args) =>
        args.instanceId === IDS.instance ? { ...SOURCE_INSTANCE, ...change } : ANSWERS[GET_INSTANCE](args),
      [GET_INSTANCES]: ({ filters }) => {
        const { name } = (filters as { name: string }[]).slice(-1)[0];
        return { ids: { ...PASSES, ...passes }[name] ? [IDS.instance] : [] };
      },
    },
  };
}

/** EC2 has forgotten the instance. */
export function forgottenWorld(): World {
  const { calls } = instanceWorld({});
  const gone = (args: Values) => {
    if (args.instanceId === IDS.instance) throw ec2Error("no matching EC2 Instance found");
    return ANSWERS[GET_INSTANCE](args);
  };
  return { calls: { ...calls, [GET_INSTANCE]: gone } };
}

/** A volume that lies elsewhere, or that instances are using. */
export function volumeWorld(change: object, users: string[] = [], instance: object = {}): World {
  const { calls } = instanceWorld(instance);
  return {
    calls: {
      ...calls,
      "aws:ebs/getVolume:getVolume": () => ({ ...SOURCE_VOLUME, ...change }),
      // Helpers are asked for by their tags, and there is none.
      [GET_INSTANCES]: ({ filters }) => ({
        ids: (filters as { name: string }[]).some(({ name }) => name.startsWith("tag:")) ? [] : users,
      }),
    },
  };
}

export const TAKEN_ID = "snap-0ccccccccccccccc1";

/** The same world, in which this conversion has taken its snapshot already. */
export function taken(world: World, tags: Record<string, string> = {}): World {
  const snapshot = {
    id: TAKEN_ID,
    snapshotId: TAKEN_ID,
    volumeId: IDS.root,
    volumeSize: 8,
    tags: { ...TAKEN_TAGS, ...tags },
  };
  const getSnapshot = (args: Values) =>
    JSON.stringify(args.filters ?? "").includes("source-snapshot") ? snapshot : ANSWERS[GET_SNAPSHOT](args);
  return { ...world, calls: { ...world.calls, [GET_SNAPSHOT]: getSnapshot } };
}

/** What the snapshot of the instance in order tells of it. */
export const TAKEN_TAGS = {
  "pv-to-hvm:source-architecture": "x86_64",
  "pv-to-hvm:source-root-device": "/dev/sda1",
  "pv-to-hvm:source-consistency": "crash-consistent",
  "pv-to-hvm:source-other-volumes": `/dev/sdf=${IDS.data}=100`,
};
