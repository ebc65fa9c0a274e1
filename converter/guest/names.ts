/**
 * Names and texts of old guests, which are bytes: UTF-8, or what was usual before. A text that is not UTF-8 is taken for
 * Latin-1, which gives each byte one character, so that none is lost.
 */
import fs from "node:fs";

/** Old guests have Latin-1 in their comments; decoding that as UTF-8 would lose it. */
export function encodingOf(bytes: Buffer): "utf8" | "latin1" {
  return Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes) ? "utf8" : "latin1";
}

/** The text of bytes, by which `nameIn` finds them again. */
export function decoded(bytes: Buffer): string {
  return bytes.toString(encodingOf(bytes));
}

/**
 * The bytes that a name has in a folder: UTF-8, and Latin-1 where only that is there. A menu in Latin-1 names its kernel by
 * the bytes, and one that only has a title in Latin-1 names it by UTF-8 that was read as Latin-1: both are found.
 */
export function nameIn(folder: Buffer, name: string): Buffer {
  const usual = Buffer.from(name, "utf8");
  if (!OTHER_CHARACTERS.test(name)) return usual;
  const isThere = (bytes: Buffer) => statusOf(Buffer.concat([folder, Buffer.from("/"), bytes])) !== undefined;
  const latin1 = Buffer.from(name, "latin1");
  return !isThere(usual) && isThere(latin1) ? latin1 : usual;
}

/** Beyond ASCII, and all of Latin-1. */
const OTHER_CHARACTERS = /^[\0-\xff]*[\x80-\xff][\0-\xff]*$/;

/** Neither a file that somebody named below another file, nor a name that is too long for any file, is an error: it is not there. */
const NOT_THERE = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"];

/** What a path of this machine is, a link as a link; `undefined` if there is nothing. */
export function statusOf(file: string | Buffer): fs.Stats | undefined {
  return ifThere(() => fs.lstatSync(file));
}

/** What is at the end of a path's links. */
export function statusOfTarget(file: string | Buffer): fs.Stats | undefined {
  return ifThere(() => fs.statSync(file));
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (NOT_THERE.includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
