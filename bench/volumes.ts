/** The copying between disks that behave as EBS volumes do. */
import * as fs from "node:fs";
import { join } from "node:path";
import type { Print } from "./numbers";
import type { Told } from "./once";
import {
  extract,
  oneCopy,
  PLAIN,
  report,
  reportAgainstPlain,
  type Row,
  type Targets,
  timeOthers,
} from "./copyRows";
import { GP3_BYTES_PER_SECOND, withLimitedDisk } from "./ebsDisks";

/** Each takes minutes, of which most go to dd. */
const SLOW_RUNS = 3;

/** Source and destination of their own, as on EC2: what a volume may move a second is the limit there, not the machine. */
export async function benchLimited(
  folder: string,
  source: string,
  { ours, others: target }: Targets,
  print: Print,
): Promise<void> {
  const plain = await extract(source, "ext4", join(folder, "used"));
  const limited = (file: string, access: "read" | "write", work: (device: string) => Promise<void>) =>
    withLimitedDisk(file, GP3_BYTES_PER_SECOND, access, work);
  const direct = ["bs=1M", "iflag=direct", "oflag=direct", "conv=fsync,notrunc"];
  const rows: (Row & { unverified: Told })[] = [];
  for (let run = 0; run < SLOW_RUNS; run++) {
    const row: Partial<Row & { unverified: Told }> = {};
    await limited(source, "read", (from) =>
      limited(ours, "write", async (to) => {
        row.ours = oneCopy(to, from, "ext4");
        row.unverified = oneCopy(to, from, "ext4", "unverified");
      }),
    );
    await limited(plain, "read", (from) =>
      limited(target, "write", async (to) => {
        const dd = ["dd", `if=${from}`, `of=${to}`, ...direct];
        row.others = timeOthers({ [PLAIN.direct]: dd }, [from, to]);
      }),
    );
    rows.push(row as Row & { unverified: Told });
  }
  console.log(`\next4, two volumes, each of which moves 125 MiB a second`);
  report(rows, print);
  reportAgainstPlain(rows, print, [PLAIN.direct]);
  fs.rmSync(plain);
}

export function benchSlow(device: string, targets: Targets, print: Print): void {
  const target = targets.others;
  const others: Record<string, string[]> = {
    "e2image -ra": ["e2image", "-ra", device, target],
    "dd bs=1M": ["dd", `if=${device}`, `of=${target}`, "bs=1M", "conv=fsync,notrunc"],
  };
  const rows = Array.from({ length: SLOW_RUNS }, () => ({
    ours: oneCopy(targets.ours, device, "ext4"),
    others: timeOthers(others, [device, target]),
  }));
  console.log("\next4, 30 ms added to each read");
  report(rows, print);
}
