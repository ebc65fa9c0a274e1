/**
 * Whether a program of the guest can be started at all, told from its files. Nothing of the guest is run for that: an
 * inspection must be safe whatever the image holds.
 */
import fs from "node:fs";
import type { Advice, InitramfsPlan } from "../types";
import { bufferSource } from "./initramfs/byteSource";
import { programPath } from "./initramfs/generators/detect";
import { unknownOptions } from "./initramfs/generators/unknownOptions";
import { isElf, readElf } from "./kernel/elf";
import type { GuestTree } from "./tree";

/** Folders that something is mounted at while a program of the guest runs. */
const NEEDED_FOLDERS = ["/proc", "/sys", "/dev", "/tmp"];

/** A script may be run by a script; nobody goes on so for ever. */
const MOST_INTERPRETERS = 4;

/** There where a 64-bit kernel was built to run 32-bit programs too. */
const RUNS_32_BIT = "/proc/sys/abi/vsyscall32";

/** Why what is to rebuild the guest's initramfs cannot be started here, with the cure; empty if it can, or nothing is to be. */
export function refuseGenerator(
  tree: GuestTree,
  { initramfs }: { initramfs: InitramfsPlan[] },
  runs32Bit = fs.existsSync(RUNS_32_BIT),
): Advice[] {
  const calls = initramfs.flatMap(({ action, command }) =>
    action === "rebuild" && command ? [command] : [],
  );
  const programs = new Set([
    ...calls.map(([program]) => program),
    ...(initramfs.some(({ depmod }) => depmod) ? ["depmod"] : []),
  ]);
  if (programs.size === 0) return [];
  const broken = [...programs].flatMap((program) => {
    const found = whyNotRunnable(tree, program, runs32Bit);
    return found === undefined ? [] : [{ subject: program, found: `${PREFIX} ${found}.`, advice: MEND }];
  });
  return [...broken, ...(broken.length > 0 ? [] : refuseOptions(tree, calls)), ...missingFolders(tree)];
}

/** An older version, or another program of the same name, ends with its usage. */
function refuseOptions(tree: GuestTree, calls: string[][]): Advice[] {
  const options = new Map(calls.map((call) => [call[0], unknownOptions(tree, call)]));
  return [...options].flatMap(([program, unknown]) =>
    unknown.length === 0
      ? []
      : [
          {
            subject: program,
            found: `it is to make the guest's initramfs, and does not know ${unknown.join(", ")}.`,
            advice: MEND,
          },
        ],
  );
}

const PREFIX = "it is to make the guest's initramfs, and it cannot be started:";
const MEND = "Install its package again in the source, or rebuild the initramfs there.";

function missingFolders(tree: GuestTree): Advice[] {
  return NEEDED_FOLDERS.filter((folder) => !isFolder(tree, folder)).map((folder) => ({
    subject: folder,
    found: "there is no such folder, and the guest's programs need it to rebuild its initramfs.",
    advice: `Make it in the source (mkdir ${folder}).`,
  }));
}

function isFolder(tree: GuestTree, folder: string): boolean {
  return fs.statSync(tree.hostPath(folder), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Why a program does not start, as a clause; `undefined` if nothing speaks against it. */
export function whyNotRunnable(tree: GuestTree, program: string, runs32Bit: boolean): string | undefined {
  let file = program.startsWith("/") ? program : programPath(tree, program);
  if (file === undefined) return `there is no ${program}`;
  for (let depth = 0; depth < MOST_INTERPRETERS; depth++) {
    const why = whyNoProgram(tree, file);
    if (why !== undefined) return why;
    const bytes = tree.readBytes(file) ?? Buffer.alloc(0);
    const next = interpreterOf(bytes);
    if (next === undefined) return whyNoElf(tree, file, bytes, runs32Bit);
    file = next;
  }
  return undefined;
}

function whyNoProgram(tree: GuestTree, file: string): string | undefined {
  if (!tree.exists(file)) return `there is no ${file}`;
  const status = fs.statSync(tree.hostPath(file));
  if (!status.isFile()) return `${file} is no file`;
  return (status.mode & 0o111) === 0 ? `${file} may not be executed` : undefined;
}

/** The program that runs a script, by its first line. */
function interpreterOf(bytes: Buffer): string | undefined {
  return /^#![ \t]*(\/[^\s]+)/.exec(bytes.toString("latin1", 0, 256))?.[1];
}

/** The kernel starts a program's loader first. What is neither script nor program is left to the guest's shell. */
function whyNoElf(tree: GuestTree, file: string, bytes: Buffer, runs32Bit: boolean): string | undefined {
  const source = bufferSource(bytes);
  if (!isElf(source)) return undefined;
  const { bits, loader, machine } = read(source) ?? {};
  if (machine === undefined || machine === "other") return `${file} is no program for x86`;
  if (bits === 32 && !runs32Bit)
    return `${file} is a 32-bit program, and this machine's kernel runs none (CONFIG_IA32_EMULATION)`;
  return loader === undefined || tree.exists(loader)
    ? undefined
    : `there is no ${loader}, which loads ${file}`;
}

function read(source: ReturnType<typeof bufferSource>): ReturnType<typeof readElf> | undefined {
  try {
    return readElf(source);
  } catch (error) {
    // Cut off inside its own tables.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
