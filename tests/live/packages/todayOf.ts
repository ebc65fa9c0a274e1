import * as fs from "node:fs";
import { hashOf } from "../oldGuest";

/** What boots today, by path and content: /boot's files of that kernel, and its modules. */
export function todayOf(root: string, version: string): Record<string, string> {
  const boot = fs.readdirSync(`${root}/boot`).filter((name) => name.includes(version));
  const modules = fs.readdirSync(`${root}/usr/lib/modules/${version}`, { recursive: true, encoding: "utf8" });
  const files = [
    ...boot.map((name) => `/boot/${name}`),
    ...modules.map((name) => `/usr/lib/modules/${version}/${name}`),
  ];
  return Object.fromEntries(
    files.filter((name) => fs.lstatSync(root + name).isFile()).map((name) => [name, hashOf(root + name)]),
  );
}
