/** Files of the kinds that copying by files loses or changes. */
import * as fs from "node:fs";
import * as path from "node:path";
import { sh } from "../../matrix/shell";
import { noise } from "../disk/images";

/** Long before any conversion. */
const LONG_AGO = new Date("2011-04-21T07:41:00Z");

/** Writes them below `/srv/odd`: owners, modes, times, links of both kinds, holes, attributes, devices, strange names. */
export function writeOddFiles(root: string): void {
  const folder = path.join(root, "srv/odd");
  fs.mkdirSync(folder, { recursive: true, mode: 0o2775 });
  const file = (name: string, bytes: string | Buffer = name) => {
    fs.writeFileSync(path.join(folder, name), bytes);
    return path.join(folder, name);
  };
  file("data", noise(300_000, "odd"));
  fs.chownSync(file("of a user"), 1000, 1000);
  fs.chmodSync(file("set-user-id"), 0o4711);
  fs.linkSync(file("one name"), path.join(folder, "another name"));
  fs.symlinkSync("../nowhere", path.join(folder, "link to nowhere"));
  file("gr\u00fc\u00dfe\n\ttwo lines");
  fs.truncateSync(file("hole", ""), 3_000_000);
  sh("setfattr", "-n", "user.origin", "-v", "image", file("attributed"));
  sh("setfattr", "-n", "security.selinux", "-v", "system_u:object_r:etc_t:s0", file("labelled"));
  sh("mknod", path.join(folder, "device"), "c", "202", "1");
  sh("mkfifo", path.join(folder, "pipe"));
  fs.utimesSync(file("old"), LONG_AGO, LONG_AGO);
  fs.utimesSync(folder, LONG_AGO, LONG_AGO);
}
