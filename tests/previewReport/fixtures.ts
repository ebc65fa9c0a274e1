/** The recorded previews, a folder each: `preview.json` (or, where it is long, `preview.json.gz`) and `report.md`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const FOLDER = join(__dirname, "fixtures");
/** Characters from which on a recording is packed: a hundred of them are a repository's size of their own. */
const LONG = 30_000;

/** Names of all recordings. */
export function recordings(): string[] {
  return existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
}

/** A recorded preview's JSON. */
export function readRecording(name: string): string {
  const file = join(FOLDER, name, "preview.json");
  return existsSync(file) ? readFileSync(file, "utf8") : gunzipSync(readFileSync(`${file}.gz`)).toString();
}

/** The file with what is to be made of it. */
export function reportFile(name: string): string {
  return join(FOLDER, name, "report.md");
}

/** Writes a recording, in place of an older one. */
export function writeRecording(name: string, json: string): void {
  const file = join(FOLDER, name, "preview.json");
  mkdirSync(join(FOLDER, name), { recursive: true });
  for (const old of [file, `${file}.gz`]) rmSync(old, { force: true });
  if (json.length < LONG) writeFileSync(file, json);
  else writeFileSync(`${file}.gz`, gzipSync(json, { level: 9 }));
}
