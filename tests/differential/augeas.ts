/** Augeas as a second reader of a guest's menu and fstab: its lenses were written by others, for other programs. */
import { execFileSync } from "node:child_process";

/** A menu as Augeas has it, in the words of the matrix' own checker. */
export interface AugeasMenu {
  byDefault: string | undefined;
  entries: { title: string; kernel?: string; initrd?: string; arguments: string[] }[];
}

/** What stands at a place of Augeas' tree: its path, and its value where it has one. */
interface Node {
  path: string;
  value?: string;
}

/** The nodes of one file of a tree, or Augeas' own message where its lens does not fit. */
function nodesOf(root: string, lens: string, file: string): Node[] | string {
  const options = ["--root", root, "--noautoload", "--noload", "--transform", `${lens} incl ${file}`];
  const commands = `load\nprint /files${file}\nprint /augeas/files${file}/error/message\n`;
  const shown = execFileSync("augtool", options, { input: commands, encoding: "utf8" });
  const nodes = shown.split("\n").flatMap((line) => readNode(line));
  const error = nodes.find(({ path }) => path.endsWith("/error/message"));
  return (
    error?.value ?? nodes.map(({ path, value }) => ({ path: path.slice(`/files${file}`.length), value }))
  );
}

function readNode(line: string): Node[] {
  const [, path, value] = /^(\/[^ ]*)(?: = "(.*)")?$/.exec(line) ?? [];
  return path === undefined ? [] : [{ path, value: value?.replace(/\\(.)/g, "$1") }];
}

/** Augeas numbers what there is several times: `title[2]`, and leaves the number out where there is one. */
const PART = /^\/title(?:\[(\d+)\])?(?:\/(.*))?$/;

export function readMenuByAugeas(root: string, file: string): AugeasMenu | string {
  const nodes = nodesOf(root, "Grub.lns", file);
  if (typeof nodes === "string") return nodes;
  const entries: AugeasMenu["entries"] = [];
  for (const { path, value = "" } of nodes) {
    const [, number = "1", part] = PART.exec(path) ?? [undefined, undefined];
    if (!PART.test(path)) continue;
    if (part === undefined) entries[Number(number) - 1] = { title: value, arguments: [] };
    else readPart(entries[Number(number) - 1], part, value);
  }
  return { byDefault: nodes.find(({ path }) => path === "/default")?.value, entries };
}

function readPart(entry: AugeasMenu["entries"][number], part: string, value: string): void {
  const word = /^kernel\/([^[/]+)/.exec(part)?.[1];
  if (part === "kernel" || part === "initrd") entry[part] = value;
  else if (word !== undefined && word !== "#comment")
    entry.arguments.push(value === "" ? word : `${word}=${value}`);
}

/** The mounts of /etc/fstab: device and place of each, in order. */
export function readFstabByAugeas(root: string): [device: string, point: string][] | string {
  const nodes = nodesOf(root, "Fstab.lns", "/etc/fstab");
  if (typeof nodes === "string") return nodes;
  const values = (name: string) =>
    nodes.filter(({ path }) => new RegExp(`^/\\d+/${name}$`).test(path)).map(({ value = "" }) => value);
  const points = values("file");
  return values("spec").map((device, index) => [device, points[index]]);
}
