/** Who may import whom: the table "Who imports whom" of docs/architecture.md, as ESLint's rules. */
import { readFileSync } from "node:fs";

const PAGE = new URL("docs/architecture.md", import.meta.url);

/** The rooms of the table, each with what it may import of other rooms: rooms, folders or files. */
export function readRooms() {
  const [, table = ""] = readFileSync(PAGE, "utf8").split(/^## Who imports whom$/m);
  const rows = [...table.split(/^## /m)[0].matchAll(/^\| `([\w/]+)\/` *\|(.*)\|$/gm)];
  if (rows.length === 0) throw new Error("docs/architecture.md: no table below ## Who imports whom.");
  return rows.map(([, room, cell]) => ({
    room,
    mayImport: [...cell.matchAll(/`([\w/]+?)(?:\/|\.ts)?`/g)].map(([, path]) => path),
  }));
}

/** A configuration for each room. No room imports of the tests. */
export function roomRules() {
  const rooms = readRooms();
  const all = [...rooms.map(({ room }) => room.split("/")[0]), "tests"];
  return rooms.map(({ room, mayImport }) => {
    const allowed = [...mayImport, room].map((path) => `${path}(?:/|$)`).join("|");
    return {
      files: [`${room}/**/*.ts`],
      rules: {
        "@typescript-eslint/no-restricted-imports": [
          "error",
          {
            patterns: [
              {
                regex: `^(?:\\.\\./)+(?!${allowed})(?:${all.join("|")})/`,
                message: `${room}/ imports nothing of that room: docs/architecture.md has who may.`,
              },
            ],
          },
        ],
      },
    };
  });
}
