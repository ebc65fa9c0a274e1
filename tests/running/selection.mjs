/** Which suites a run has, and which files belong to each of them. Pure, but for `testFilesIn`. */
import { readdirSync } from "node:fs";

/** All that `npm test -- unit` stands for: what needs no local cloud. */
const UNIT = "unit";

export const USAGE = `usage: npm test [-- SUITE …]
       npm run test:all [-- SUITE …]
       npm test -- --list`;

/**
 * What the words of the command line ask for.
 * @returns `{ problem }` where they make no sense, in sentences; `suites` otherwise, in the table's order.
 */
export function select(words, table) {
  const options = words.filter((word) => word.startsWith("-"));
  const unknownOption = options.find((word) => !["--all", "--list", "--set-up-done"].includes(word));
  if (unknownOption) return { problem: `${unknownOption}: no such option.\n${USAGE}` };
  const names = words.filter((word) => !word.startsWith("-"));
  const known = [...table.map(({ name }) => name), UNIT];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return {
      problem: `${unknown.join(", ")}: no such suite. Name one or several of:\n  ${known.join("\n  ")}`,
    };
  }
  const isAsked = ({ name, needs }) =>
    names.length === 0 || names.includes(name) || (names.includes(UNIT) && needs === "nothing");
  return {
    suites: table.filter(isAsked),
    isAll: options.includes("--all"),
    isList: options.includes("--list"),
    isSetUp: options.includes("--set-up-done"),
  };
}

/**
 * The table with each suite's `files`: those that belong to it, and of the rare ones only where `isAll`. A suite of which all is
 * rare is left out otherwise.
 * @returns `{ problem }` where a test file belongs to no suite, a folder has no tests, or a folder or name is there twice.
 */
export function assign(table, files, isAll) {
  const owners = table.flatMap(({ name, folders = [] }) => folders.map((folder) => ({ name, folder })));
  const owned = files.map((file) => ({ file, owner: nearest(file, owners) }));
  const problems = [
    ...repeated(table.map(({ name }) => name)).map((name) => `${name}: two suites have this name.`),
    ...repeated(owners.map(({ folder }) => folder)).map(
      (folder) => `${folder}: two suites have this folder.`,
    ),
    ...owned
      .filter(({ owner }) => owner === undefined)
      .map(({ file }) => `${file}: belongs to no suite. Give its folder to one in tests/suites.mjs.`),
    ...owners
      .filter(({ folder }) => !owned.some(({ owner }) => owner?.folder === folder))
      .map(
        ({ folder, name }) =>
          `${folder}: the suite ${name} has it, but no test file is there. Take it out of tests/suites.mjs.`,
      ),
  ];
  if (problems.length > 0) return { problem: problems.join("\n") };
  const isIn = (file) => isAll || !isRare(file);
  const filesOf = (name) =>
    owned.filter((each) => each.owner.name === name && isIn(each.file)).map(({ file }) => file);
  const suites = table.map((suite) => (suite.command ? suite : { ...suite, files: filesOf(suite.name) }));
  return { suites: suites.filter(({ files }) => files?.length !== 0) };
}

export const isRare = (file) => file.endsWith(".rare.test.ts");

/** Every test file below a folder, as paths from here, sorted. */
export function testFilesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `${folder}/${file}`)
    .sort();
}

function nearest(file, owners) {
  const above = owners.filter(({ folder }) => file.startsWith(`${folder}/`));
  return above.sort((one, other) => other.folder.length - one.folder.length)[0];
}

function repeated(words) {
  return [...new Set(words.filter((word, index) => words.indexOf(word) !== index))];
}
