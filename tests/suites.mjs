/**
 * The test run's suites, a line each: the one place to add one. A test file belongs to the suite with the folder nearest
 * to it. A file named `*.rare.test.ts` guards something rare: it is in `npm run test:all` alone.
 *
 * `needs` says in which lane a suite runs:
 * - `nothing`: neither the engine nor the images. All of these together are `npm test -- unit`.
 * - `cloud`: the local cloud, so the engine and the images. It boots machines, or asks the engine.
 */
export const SUITES = [
  // Cheap first: what most often does not hold is told within the first minute.
  {
    name: "format",
    needs: "nothing",
    command: ["prettier", "--check", "--log-level=warn", ...cached("prettier"), "."],
  },
  {
    name: "types",
    needs: "nothing",
    command: ["tsc", "--noEmit", "--incremental", "--tsBuildInfoFile", ".cache/types.tsbuildinfo"],
  },
  { name: "lint", needs: "nothing", command: ["eslint", "--max-warnings=0", ...cached("eslint"), "."] },
  { name: "running", needs: "nothing", folders: ["tests/running"] },
  { name: "documents", needs: "nothing", folders: ["tests/docs"] },
  { name: "workflows", needs: "nothing", folders: ["tests/policies", "tests/workflows"] },
  { name: "cli", needs: "nothing", folders: ["tests/cli"] },
  { name: "sweep", needs: "nothing", folders: ["tests/sweep"] },
  { name: "preflight", needs: "nothing", folders: ["tests/preflight"] },
  { name: "snapshots", needs: "nothing", folders: ["tests/snapshots"] },
  { name: "discover", needs: "nothing", folders: ["tests/discover"] },
  { name: "preview-report", needs: "nothing", folders: ["tests/previewReport"] },
  { name: "report", needs: "nothing", folders: ["tests/stackReport"] },
  { name: "package", needs: "nothing", folders: ["tests/package"] },
  { name: "components", needs: "nothing", folders: ["tests/components"] },
  { name: "converter", needs: "nothing", folders: ["tests/converter"] },
  { name: "families", needs: "nothing", folders: ["tests/converter/families"] },
  { name: "live", needs: "nothing", folders: ["tests/live"] },
  { name: "differential", needs: "nothing", folders: ["tests/differential"] },
  { name: "generators", needs: "nothing", folders: ["tests/generators"] },

  // Long first: what is left at the end is short, and no lane waits long for the others.
  { name: "end-to-end", needs: "cloud", folders: ["tests/end-to-end"] },
  { name: "local-cloud", needs: "cloud", folders: ["tests/local"] },
  { name: "matrix", needs: "cloud", folders: ["tests/matrix"] },
  { name: "machines", needs: "cloud", folders: ["tests/local/machines", "tests/local/images"] },
  { name: "faults", needs: "cloud", folders: ["tests/faults"] },
  { name: "provider", needs: "cloud", folders: ["tests/provider"] },
  { name: "examples", needs: "cloud", folders: ["tests/examples"] },
  { name: "embedding", needs: "cloud", folders: ["tests/package/embedding"] },
];

/** By what is in the files, not by when they were written: a checkout writes all of them anew. */
function cached(program) {
  return ["--cache", "--cache-strategy=content", `--cache-location=.cache/${program}`];
}
