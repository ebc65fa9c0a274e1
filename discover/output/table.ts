/** The record on a page of text. Pure. */
import { columns } from "../../cli/columns";
import type { Change, Fleet } from "../types";
import { inWords } from "../unasked";
import {
  counted,
  countsOf,
  dayOf,
  instanceRowsOf,
  marksOf,
  type Remedy,
  remediesOf,
  rowsOf,
  sizeOf,
  totalOf,
  usersInWords,
} from "./summary";
import { tallyInWords } from "./tally";

/** Ids that a remedy shows; of more it says how many. */
const IDS_SHOWN = 3;
/** A name is cut behind so many characters. */
const LONGEST_NAME = 32;

export function formatTable(fleet: Fleet): string {
  const parts = [
    imageTable(fleet),
    instanceTable(fleet),
    states(fleet),
    section("What to do, by the images that it is for", remediesOf(fleet).map(remedyLine)),
    section("What has changed", (fleet.changes ?? []).map(changeLine)),
    section(
      "Notes",
      fleet.places.flatMap(({ accountId, region, notes }) =>
        notes.map((note) => `${accountId} ${region}: ${note}`),
      ),
    ),
    section("Not asked, so what is missing above", fleet.unasked.map(inWords)),
    fleet.inspected === undefined ? [] : tallyInWords(fleet.inspected),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n")}\n`;
}

function imageTable(fleet: Fleet): string[] {
  const rows = rowsOf(fleet);
  if (rows.length === 0) return ["No paravirtual image was found."];
  const place = placeColumns(fleet);
  return columns([
    [
      ...place.names,
      "image",
      "name",
      "arch",
      "GiB",
      "made",
      "launched",
      "used by",
      "marks",
      "stage",
      "verdict",
    ],
    ...rows.map(({ accountId, region, image }) => [
      ...place.of(accountId, region),
      image.imageId,
      nameCell(image.name),
      image.architecture ?? "-",
      String(sizeOf(image) ?? "-"),
      dayOf(image.createdAt),
      dayOf(image.lastLaunchedAt),
      usersInWords(image.referrers) || "nobody",
      marksOf(image).join(", ") || "-",
      image.stage,
      image.inspection.verdict,
    ]),
  ]);
}

function instanceTable(fleet: Fleet): string[] {
  const rows = instanceRowsOf(fleet);
  if (rows.length === 0) return ["No paravirtual instance was found."];
  const place = placeColumns(fleet);
  return columns([
    [...place.names, "instance", "name", "type", "state", "image", "started", "root", "group"],
    ...rows.map(({ accountId, region, instance }) => [
      ...place.of(accountId, region),
      instance.instanceId,
      nameCell(instance.name),
      instance.instanceType,
      instance.state,
      instance.imageId,
      dayOf(instance.launchedAt),
      instance.rootVolumeId ?? instance.rootDeviceType,
      nameCell(instance.autoScalingGroup),
    ]),
  ]);
}

/** Account and region, where there are several. */
function placeColumns({ places }: Fleet) {
  const accounts = new Set(places.map(({ accountId }) => accountId)).size > 1;
  const regions = new Set(places.map(({ region }) => region)).size > 1;
  return {
    names: [...(accounts ? ["account"] : []), ...(regions ? ["region"] : [])],
    of: (accountId: string, region: string) => [
      ...(accounts ? [accountId] : []),
      ...(regions ? [region] : []),
    ],
  };
}

/** One line, not too long: a name may have anything in it. */
function nameCell(name: string | undefined): string {
  const line = (name ?? "").replace(/\s+/g, " ").trim();
  if (line === "") return "-";
  return line.length <= LONGEST_NAME ? line : `${line.slice(0, LONGEST_NAME - 1)}…`;
}

function states(fleet: Fleet): string[] {
  const { stages, verdicts } = countsOf(fleet);
  if (stages.length === 0) return [];
  const words = (counts: [string, number][]) =>
    counts.map(([word, number]) => `${number} ${word}`).join(", ");
  return [totalOf(fleet), `stage: ${words(stages)}`, `verdict: ${words(verdicts)}`];
}

function remedyLine({ verdict, found, advice, imageIds }: Remedy): string {
  const more = imageIds.length - IDS_SHOWN;
  const ids = imageIds.slice(0, IDS_SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return `${counted(imageIds.length, "image")} (${verdict}): ${found} ${advice} (${ids})`;
}

function changeLine({ accountId, region, id, name, what, since }: Change): string {
  return `${accountId} ${region}: ${id}${name === undefined ? "" : ` (${nameCell(name)})`}: ${what}, since ${dayOf(since)}`;
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}
