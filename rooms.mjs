/** Who may import whom: the tables of docs/architecture.md, as ESLint's rules. */
import { readFileSync } from "node:fs";

const PAGE = new URL("docs/architecture.md", import.meta.url);

/** The rows of the table below a heading: the folder that each begins with, and the rest of it. */
function rowsBelow(heading) {
  const [, section = ""] = readFileSync(PAGE, "utf8").split(new RegExp(`^## ${heading}$`, "m"));
  const rows = [...section.split(/^## /m)[0].matchAll(/^\| `([\w/]+)\/` *\|(.*)\|$/gm)];
  if (rows.length === 0) throw new Error(`docs/architecture.md: no table below ## ${heading}.`);
  return rows.map(([, folder, rest]) => ({ folder, rest }));
}

/** The rooms of the table, each with what it may import of other rooms: rooms, folders or files. */
export function readRooms() {
  return rowsBelow("Who imports whom").map(({ folder, rest }) => ({
    room: folder,
    mayImport: [...rest.matchAll(/`([\w/]+?)(?:\/|\.ts)?`/g)].map(([, path]) => path),
  }));
}

/** The folders of the rooms that have an order, from the ground to the top. */
export function readFolders() {
  return rowsBelow("Folders, from the ground to the top").map(({ folder }) => folder);
}

/** A configuration for each room, and for each folder of one that has an order. No room imports of the tests. */
export function roomRules() {
  const rooms = readRooms();
  const all = [...rooms.map(({ room }) => room.split("/")[0]), "tests"];
  const folders = readFolders();
  return rooms.flatMap(({ room, mayImport }) => {
    const allowed = [...mayImport, room].map((path) => `${path}(?:/|$)`).join("|");
    const others = {
      regex: `^(?:\\.\\./)+(?!${allowed})(?:${all.join("|")})/`,
      message: `${room}/ imports nothing of that room: docs/architecture.md has who may.`,
    };
    const own = folders.filter((folder) => folder.startsWith(`${room}/`));
    return [refusal(`${room}/**/*.ts`, [others]), ...folderRules(room, own, others)];
  });
}

/**
 * A folder imports of those before it, so there is no circle. A room's own files are its ground, but for `index.ts`, its door.
 */
function folderRules(room, folders, others) {
  if (folders.length === 0) return [];
  const names = folders.map((folder) => folder.slice(room.length + 1));
  const above = (count) => ({
    regex: `^\\.\\.?/(?:${names.slice(count).join("|")})/`,
    message: `A folder of ${room}/ imports of those before it: docs/architecture.md has their order.`,
  });
  const ground = refusal(`${room}/*.ts`, [others, above(0)]);
  return [
    { ...ground, ignores: [`${room}/index.ts`] },
    // What the last one may import has no limit.
    ...folders.slice(0, -1).map((folder, index) => refusal(`${folder}/**/*.ts`, [others, above(index + 1)])),
  ];
}

function refusal(files, patterns) {
  return { files: [files], rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] } };
}
