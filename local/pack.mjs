/**
 * `npm run pack`: the npm package, put together in `dist/package/` and packed as `pv-to-hvm-VERSION.tgz` beside package.json.
 * The folder is what `pulumi package add` takes as well. It is another than the checkout, since npm reads package.json of
 * the folder that it packs, and a user's package has no business with the checkout's scripts and tools.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const REFUSAL = `npm pack: this is the checkout, and what it packs would carry the tools of the development. Run instead: npm run pack
For npm publish: npm run pack, then npm publish dist/package`;

/**
 * What of package.json a user's npm needs. Without `scripts`: npm warns of a package that runs some when it is installed.
 * Without `devDependencies`: npm takes what stands there and among the peers for a tool, and `npm install --production`,
 * by which Pulumi's node host prepares a plugin, would leave all peers out.
 */
const KEPT = [
  "name",
  "version",
  "description",
  "license",
  "main",
  "types",
  "exports",
  "bin",
  "engines",
  "files",
  "peerDependencies",
];

/** Puts the package together in `folder`, of what was built before. */
function assemblePackage(folder) {
  // Without scripts: `prepare` would build anew what others are using.
  const said = npm(["pack", "--dry-run", "--json", "--ignore-scripts"], ROOT);
  const [{ files }] = JSON.parse(said);
  const paths = files.map(({ path }) => path);
  clear(folder);
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (path === "package.json") writeFileSync(join(folder, path), userManifest());
    else if (path.endsWith(".md")) writeFileSync(join(folder, path), withoutDeadLinks(path, paths));
    else cpSync(join(ROOT, path), join(folder, path));
  }
}

/** Packs the package of `folder` into a file below `target`, and gives its path. */
function packPackage(folder, target) {
  return join(target, npm(["pack", "--pack-destination", target], folder).trim().split("\n").pop());
}

/** All but what an engine has installed there: it is in no archive. */
function clear(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((each) => each !== "node_modules"))
    rmSync(join(folder, name), { recursive: true });
}

function userManifest() {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const kept = Object.fromEntries(KEPT.map((key) => [key, manifest[key]]));
  return `${JSON.stringify(kept, null, 2)}\n`;
}

/** A document in which whatever leads to a file of the checkout alone is words, and says where that is. */
function withoutDeadLinks(path, paths) {
  const isPacked = (target) => paths.some((each) => each === target || each.startsWith(`${target}/`));
  return readFileSync(join(ROOT, path), "utf8").replace(
    /(?<!!)\[([^\]]*)\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g,
    (link, words, to) => {
      const target = join(dirname(path), to);
      if (isPacked(target)) return link;
      return words.includes(target)
        ? `${words} of the repository`
        : `${words} (\`${target}\` of the repository)`;
    },
  );
}

function npm(words, cwd) {
  return execFileSync("npm", words, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** @param words nothing; `--refuse`; or a folder, which gets the package and its archive, of what was built before. */
async function main([word]) {
  if (word === "--refuse") {
    // npm runs `prepack` before a script called `pack`, too: that is the way which is meant.
    if (process.env.npm_command?.startsWith("run")) return;
    console.error(REFUSAL);
    process.exitCode = 1;
    return;
  }
  if (word === undefined) await import("./build.mjs");
  const [folder, target] =
    word === undefined ? [join(ROOT, "dist", "package"), ROOT] : [join(word, "package"), word];
  assemblePackage(folder);
  console.log(packPackage(folder, target));
}

await main(process.argv.slice(2));
