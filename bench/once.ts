/** What the bench runs in a process of its own, so that its time and memory are its own. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { copyBetween } from "../converter/disk/copy/copier";
import { type DirectDisk, withDirectDisk } from "../converter/disk/copy/directDisk";
import { usedRanges } from "../converter/disk/filesystem/freeMap";
import { piecesOf } from "../converter/disk/copy/pieces";
import type { Type } from "./copyRows";

/** What such a process tells of itself. */
export interface Told {
  /** Of the work alone. */
  seconds: number;
  usedBytes: number;
  bytesRead: number;
  /** At most, of the program's memory. */
  megabytes: number;
  /** From the process's start to its end. */
  wholeSeconds: number;
}

/** `copy-once`: the used blocks of a filesystem into a file; with `unverified`, what is read back is not from the disk. */
export async function copyOnce(source: string, [destination, type, how]: string[]): Promise<void> {
  const started = Date.now();
  const ranges = await usedRanges(source, { type: type as Type });
  const { bytesRead } = await withDirectDisk(source, "read", (from) =>
    withDirectDisk(destination, "write", (to) =>
      copyBetween(from, how === "unverified" ? believing(to) : to, {
        ...{ pieces: piecesOf(ranges, 0, 0), totalBytes: ranges.totalBytes },
        onProgress: () => undefined,
        onVerified: () => undefined,
      }),
    ),
  );
  tell({ seconds: (Date.now() - started) / 1000, usedBytes: ranges.usedBytes, bytesRead });
}

/** A disk of which is believed, once, what was written: as long as that is there, it is not read. */
function believing(disk: DirectDisk): DirectDisk {
  const written = new Map<number, Buffer>();
  return {
    ...disk,
    write: (buffer, offset) => (written.set(offset, buffer), disk.write(buffer, offset)),
    read: async (buffer, offset) => {
      const known = written.get(offset);
      written.delete(offset);
      if (!known) return disk.read(buffer, offset);
      known.copy(buffer);
    },
  };
}

/** `converter-once`: a whole run of the converter as it is built. */
export async function converterOnce(root: string, argv: string[]): Promise<void> {
  const { main } = createRequire(join(root, "dist", "bench"))("./pv-to-hvm.cjs") as {
    main: (
      argv: string[],
      output: { out: (text: string) => void; log: (line: string) => void },
    ) => Promise<number>;
  };
  const said: string[] = [];
  const started = Date.now();
  const status = await main(argv, { out: (text) => said.push(text), log: (line) => said.push(line) });
  if (status !== 0) throw new Error(said.join("\n"));
  tell({ seconds: (Date.now() - started) / 1000, usedBytes: 0, bytesRead: 0 });
}

function tell(told: Omit<Told, "megabytes" | "wholeSeconds">): void {
  console.log(JSON.stringify({ ...told, megabytes: process.resourceUsage().maxRSS / 1024 }));
}

/** Runs one of these, and gives what it tells. */
export function runSelf(args: string[]): Told {
  const started = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, [process.argv[1], ...args], {
    encoding: "utf8",
    env: { ...process.env, UV_THREADPOOL_SIZE: "72" },
  });
  const wholeSeconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (status !== 0) throw new Error(stderr);
  return { ...(JSON.parse(stdout.trim().split("\n").pop() ?? "") as Told), wholeSeconds };
}
