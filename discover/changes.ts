/** What is different from the last record of the same account and region. Pure. */
import { counted, useOf } from "./output/summary";
import type { Change, FoundImage, FoundInstance, Place } from "./types";

/** A place as it was, and when. */
export interface Before {
  at: string;
  place: Place;
}

/** Undefined, if no place of them has an earlier record. */
export function changesOf(places: Place[], before: Before[]): Change[] | undefined {
  const pairs = places.flatMap((now) => {
    const earlier = before.find(
      ({ place }) => place.accountId === now.accountId && place.region === now.region,
    );
    return earlier === undefined ? [] : [{ now, earlier }];
  });
  if (pairs.length === 0) return undefined;
  return pairs.flatMap(({ now, earlier: { at, place } }) => {
    const { accountId, region } = now;
    const found = [
      ...differences(place.images, now.images, ({ imageId }) => imageId, ofImage),
      ...differences(place.instances, now.instances, ({ instanceId }) => instanceId, ofInstance),
    ];
    return found.map((each): Change => ({ accountId, region, ...each, since: at }));
  });
}

type Difference = Pick<Change, "id" | "name" | "what">;

function differences<T extends { name?: string }>(
  before: T[],
  now: T[],
  idOf: (each: T) => string,
  compare: (before: T, now: T) => string[],
): Difference[] {
  const earlier = new Map(before.map((each) => [idOf(each), each]));
  const later = new Set(now.map(idOf));
  const told = (each: T, what: string): Difference => ({ id: idOf(each), name: each.name, what });
  return [
    ...now.flatMap((each) => {
      const was = earlier.get(idOf(each));
      return was === undefined ? [told(each, "new")] : compare(was, each).map((what) => told(each, what));
    }),
    ...before.filter((each) => !later.has(idOf(each))).map((each) => told(each, "gone")),
  ];
}

function ofImage(before: FoundImage, now: FoundImage): string[] {
  return [
    ...changed("state", before.state, now.state),
    ...changed("stage", before.stage, now.stage),
    ...changed("verdict", before.inspection.verdict, now.inspection.verdict),
    ...changed("tier", tierOf(before), tierOf(now)),
    ...usersChanged(before, now),
    ...(now.lastLaunchedAt !== undefined && now.lastLaunchedAt !== before.lastLaunchedAt
      ? [`launched on ${now.lastLaunchedAt.slice(0, 10)}`]
      : []),
  ];
}

function usersChanged(before: FoundImage, now: FoundImage): string[] {
  const keys = ({ referrers }: FoundImage) => new Set(referrers.map(({ kind, id }) => `${kind} ${id}`));
  const [was, is] = [keys(before), keys(now)];
  if (was.size > 0 && is.size === 0) return ["nobody refers to it any more"];
  const come = [...is].filter((each) => !was.has(each)).length;
  const gone = [...was].filter((each) => !is.has(each)).length;
  const active =
    useOf(before) === 2 && useOf(now) === 1 ? ["nothing runs or is launched from it any more"] : [];
  return [
    ...(come > 0 ? [`${counted(come, "reference")} more`] : []),
    ...(gone > 0 ? [`${counted(gone, "reference")} less`] : []),
    ...active,
  ];
}

function ofInstance(before: FoundInstance, now: FoundInstance): string[] {
  return [
    ...changed("state", before.state, now.state),
    ...changed("type", before.instanceType, now.instanceType),
  ];
}

function tierOf({ root }: FoundImage): string | undefined {
  return root.kind === "ebs" ? root.tier : undefined;
}

function changed(what: string, before: string | undefined, now: string | undefined): string[] {
  return before === now || before === undefined || now === undefined ? [] : [`${what}: ${before} → ${now}`];
}
