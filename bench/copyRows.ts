/** One run of a copy beside the others', and how several are told. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { usedRanges } from "../converter/disk/filesystem/freeMap";
import { MIB } from "../converter/disk/sizes";
import type { Print } from "./numbers";
import { type Told, runSelf } from "./once";

export type Type = "ext4" | "xfs";

/** Where is copied to. Of its own for pv-to-hvm, which writes no zeros where none are needed. */
export interface Targets {
  ours: string;
  others: string;
}

/** Plain copies: through the page cache, and past it as pv-to-hvm goes; both wait until the disk has it. */
export const PLAIN = {
  cached: "plain copy of the used bytes (dd conv=fsync)",
  direct: "the same past the page cache (dd direct)",
};

export interface Row {
  ours: Told;
  others: Record<string, number>;
}

export function report(rows: Row[], print: Print): void {
  const ours = (pick: (told: Told) => number) => rows.map((row) => pick(row.ours));
  print(
    "pv-to-hvm, verification included",
    "s",
    ours(({ seconds }) => seconds),
  );
  print(
    "  its whole process",
    "s",
    ours(({ wholeSeconds }) => wholeSeconds),
  );
  print(
    "  its memory",
    "MB",
    ours(({ megabytes }) => megabytes),
  );
  print(
    "  bytes read : bytes in use",
    "x",
    ours(({ bytesRead, usedBytes }) => bytesRead / usedBytes),
  );
  for (const name of Object.keys(rows[0].others)) {
    print(
      name,
      "s",
      rows.map(({ others }) => others[name]),
    );
    print(
      `  ${name} : pv-to-hvm`,
      "x",
      rows.map(({ others, ours: told }) => others[name] / told.seconds),
    );
  }
}

/** The copying without the start of Node, as it is a small part of a real copy; with the verification and without. */
export function reportAgainstPlain(
  rows: (Row & { unverified: Told })[],
  print: Print,
  plains: string[] = Object.values(PLAIN),
): void {
  print(
    "pv-to-hvm, nothing verified",
    "s",
    rows.map(({ unverified }) => unverified.seconds),
  );
  for (const name of plains) {
    const how = name === PLAIN.cached ? "cached" : "direct";
    const against = (pick: (row: (typeof rows)[number]) => Told) =>
      rows.map((row) => pick(row).seconds / row.others[name]);
    print(
      `pv-to-hvm : plain copy, ${how}`,
      "x",
      against(({ ours }) => ours),
    );
    print(
      `  nothing verified : plain copy, ${how}`,
      "x",
      against(({ unverified }) => unverified),
    );
  }
}

/** The ranges in use, one behind the other. */
export async function extract(source: string, type: Type, plain: string): Promise<string> {
  const [from, to] = [fs.openSync(source, "r"), fs.openSync(plain, "w")];
  for (const { start, end } of await usedRanges(source, { type })) {
    for (let at = start; at < end;) {
      const buffer = Buffer.alloc(Math.min(MIB, end - at));
      at += fs.writeSync(to, buffer, 0, fs.readSync(from, buffer, 0, buffer.length, at));
    }
  }
  [from, to].forEach(fs.closeSync);
  return plain;
}

/** Takes a file or device out of the page cache: a volume fresh from a snapshot is not in it. */
export function forget(file: string): void {
  if (fs.statSync(file).isBlockDevice()) execFileSync("blockdev", ["--flushbufs", file]);
  else execFileSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
}

/** Seconds that each takes, until the disk has everything. `files`: not to be in the page cache before. */
export function timeOthers(others: Record<string, string[]>, files: string[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(others).map(([name, words]) => {
      files.forEach(forget);
      const started = process.hrtime.bigint();
      const { status, error } = spawnSync(words[0], words.slice(1), { stdio: "ignore" });
      if (status !== 0) throw new Error(`${words.join(" ")}: ${error?.message ?? `ended with ${status}`}`);
      execFileSync("sync", ["-d", files[files.length - 1]]);
      return [name, Number(process.hrtime.bigint() - started) / 1e9];
    }),
  );
}

export function oneCopy(target: string, source: string, type: Type, ...more: string[]): Told {
  [source, target].forEach(forget);
  return runSelf(["copy-once", source, target, type, ...more]);
}
