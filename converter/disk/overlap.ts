/** Whether two disks are the same bytes by different names: a loop device and its file, a disk and a partition of it. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Runner } from "../run";
import { type Disk, identityOf } from "./disk";
import { listLoops, majorMinor } from "./loops";
import { SECTOR } from "./sizes";

/** Where the bytes of a disk lie in the end. */
interface Place {
  /** Of the file or the whole disk: equal for two names of it. */
  identity: string;
  /** First byte, counted there. */
  start: number;
}

/** Loop devices over loop devices; more than this is no one's disk. */
const DEEPEST = 8;

/** Whether what is written to one of two disks is written to the other. Throws a `FailedError` if losetup fails. */
export async function isSameDisk(one: Disk, other: Disk, runner: Runner): Promise<boolean> {
  if (one.identity === other.identity) return true;
  const [first, second] = [await placeOf(one, runner), await placeOf(other, runner)];
  return (
    first.identity === second.identity &&
    first.start < second.start + other.sizeBytes &&
    second.start < first.start + one.sizeBytes
  );
}

async function placeOf({ identity, kind, path: name }: Disk, runner: Runner): Promise<Place> {
  let device = kind === "device" ? majorMinor(fs.statSync(name).rdev) : undefined;
  let place: Place = { identity: device === undefined ? identity : ofDevice(device).identity, start: 0 };
  for (let depth = 0; device !== undefined && depth < DEEPEST; depth++) {
    const below: Below | undefined = partOf(device) ?? (await loopOf(device, runner));
    if (below === undefined) break;
    place = { identity: below.identity, start: place.start + below.start };
    ({ device } = below);
  }
  return place;
}

/** What a device shows a piece of: a file, or another device by its numbers. */
type Below = Place & { device?: string };

function partOf(device: string): Below | undefined {
  const folder = `/sys/dev/block/${device}`;
  if (!fs.existsSync(path.join(folder, "partition"))) return undefined;
  const whole = numbersIn(path.join(fs.realpathSync(folder), ".."));
  return { ...ofDevice(whole), start: Number(fs.readFileSync(path.join(folder, "start"), "utf8")) * SECTOR };
}

function numbersIn(folder: string): string {
  return fs.readFileSync(path.join(folder, "dev"), "utf8").trim();
}

function ofDevice(device: string): { identity: string; device: string } {
  return { identity: `block ${device}`, device };
}

/** By the kernel's numbers: the name of the file may be another container's. */
async function loopOf(device: string, runner: Runner): Promise<Below | undefined> {
  if (!fs.existsSync(`/sys/dev/block/${device}/loop`)) return undefined;
  const loop = (await listLoops(runner)).find((each) => each["maj:min"].trim() === device);
  const where = loop?.["back-maj:min"]?.trim();
  if (!loop || !where) return undefined;
  const stat = fs.statSync(loop["back-file"] ?? "", { throwIfNoEntry: false });
  const start = Number(loop.offset);
  const isIt = stat && majorMinor(stat.dev) === where && stat.ino === loop["back-ino"];
  if (!isIt) return { identity: `${where} ${loop["back-ino"]}`, start };
  return stat.isBlockDevice()
    ? { ...ofDevice(majorMinor(stat.rdev)), start }
    : { identity: identityOf(stat), start };
}
