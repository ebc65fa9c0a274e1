import type { PvToHvmMigrationArgs } from "../args";
import { Architecture, OtherVolumes } from "../enums";
import { isKnown } from "../known";
import { checkEnum, checkFlag, checkId, checkLogin } from "./fieldChecks";
import type { Problem } from "./problems";
import type { SourceArgs, SourceConnectionArgs } from "../sourceArgs";
import { givenIds, SOURCE_KINDS, type SourceIdName } from "../sourceKind";

const PREFIXES: Record<SourceIdName, string> = {
  imageId: "ami",
  snapshotId: "snap",
  volumeId: "vol",
  instanceId: "i",
};

/** Whether it is said what is migrated, once, and nothing is asked of it that goes with another kind of source. */
export function checkSource({ source }: PvToHvmMigrationArgs): Problem[] {
  const given = givenIds(source);
  if (given.length !== 1) return [notExactlyOne(given)];
  return [
    ...given.flatMap((name) => checkId(`source.${name}`, PREFIXES[name], source[name])),
    ...checkArchitecture(source, given[0]),
    ...checkOtherVolumes(source, given[0]),
    ...checkInitializationRate(source),
    ...checkFlag("source.stopFirst", source.stopFirst),
    ...checkFlag("source.prepare", source.prepare),
    ...(given[0] === "instanceId" ? checkLive(source) : refuseLive(source, given[0])),
  ];
}

function notExactlyOne(given: SourceIdName[]): Problem {
  const last = given[given.length - 1];
  const others = given.slice(0, -1).join(", ");
  const reason = {
    0: `none of ${Object.keys(SOURCE_KINDS).join(", ")} is given`,
    2: `${others} and ${last} are both given`,
  }[given.length];
  return {
    path: "source",
    reason: reason ?? `${others} and ${last} are all given`,
    fix: "Give exactly one: the image, a snapshot of its root volume, the root volume itself, or the instance.",
  };
}

function checkArchitecture({ architecture }: SourceArgs, name: SourceIdName): Problem[] {
  const path = "source.architecture";
  if (architecture === undefined) return [];
  if (name === "snapshotId" || name === "volumeId") {
    return checkEnum(path, Object.values(Architecture), architecture);
  }
  const reason = `an ${SOURCE_KINDS[name]} knows its own`;
  return [{ path, reason, fix: "Remove it; it goes with snapshotId and volumeId only." }];
}

function checkOtherVolumes({ otherVolumes }: SourceArgs, name: SourceIdName): Problem[] {
  const path = "source.otherVolumes";
  if (otherVolumes === undefined) return [];
  if (name === "imageId") return checkEnum(path, Object.values(OtherVolumes), otherVolumes);
  const reason = "is about the volumes that an image maps";
  return [{ path, reason, fix: `Remove it; it goes with imageId only, and not with ${name}.` }];
}

/** CreateVolume: 100 to 300 MiB/s (https://docs.aws.amazon.com/ebs/latest/userguide/initalize-volume.html). */
function checkInitializationRate({ volumeInitializationRate: rate }: SourceArgs): Problem[] {
  if (!isKnown(rate) || (Number.isInteger(rate) && rate >= 100 && rate <= 300)) return [];
  const reason = `must be a whole number of MiB/s from 100 to 300, got ${rate}`;
  return [
    {
      path: "source.volumeInitializationRate",
      reason,
      fix: "Remove it to have blocks loaded as they are read.",
    },
  ];
}

/** What is asked of a running instance has no meaning for anything else. */
function refuseLive({ stopFirst, connection, prepare }: SourceArgs, name: SourceIdName): Problem[] {
  const kind = SOURCE_KINDS[name];
  const article = kind === "image" ? "an" : "a";
  const asked = { stopFirst, connection, prepare };
  const does = { stopFirst: "stopped", connection: "connected to", prepare: "prepared" };
  return (Object.keys(asked) as (keyof typeof asked)[])
    .filter((argument) => asked[argument] !== undefined && asked[argument] !== false)
    .map((argument) => ({
      path: `source.${argument}`,
      reason: `${article} ${kind} cannot be ${does[argument]}`,
      fix: `Remove it, or give the instance as instanceId in place of ${name}.`,
    }));
}

function checkLive({ connection, prepare }: SourceArgs): Problem[] {
  const problems = connection === undefined ? [] : checkConnection(connection);
  if (prepare !== true || connection !== undefined) return problems;
  const reason = "the instance is prepared over ssh, and nothing says how it is reached";
  const fix = "Give source.connection, or remove prepare: the copy is prepared on the helper either way.";
  return [...problems, { path: "source.prepare", reason, fix }];
}

function checkConnection(connection: SourceConnectionArgs): Problem[] {
  const path = "source.connection";
  const problems = [
    ...checkLogin(path, connection, ["user", "privateKey"]),
    ...checkLogin(`${path}.jumpHost`, connection.jumpHost, ["host", "privateKey"]),
  ];
  if (connection.host === undefined || connection.usePrivateAddress === undefined) return problems;
  const reason = "has no meaning beside host, which says what is dialled";
  return [...problems, { path: `${path}.usePrivateAddress`, reason, fix: "Remove one of the two." }];
}
