/**
 * Everything that must hold, in order of cost: format, lint, types, then the tests room by room, those with machines
 * last. Goes on after a failure, and ends with one line of totals. `npm test -- unit` leaves the local
 * cloud out.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// Mounts, loop devices and namespaces need root. sudo would put a PATH of its own in place of the user's.
if (process.getuid() !== 0) {
  const again = ["env", `PATH=${process.env.PATH}`, process.execPath, ...process.argv.slice(1)];
  process.exit(spawnSync("sudo", ["--preserve-env", ...again], { stdio: "inherit" }).status ?? 1);
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const only = process.argv[2];

check("format", ["prettier", "--check", "--log-level=warn", "."]);
check("lint", ["eslint", "--max-warnings=0", "."]);
check("types", ["tsc", "--noEmit"]);
suite("documents", ["tests/docs"]);
suite("components", ["tests/components"]);
suite("converter", ["tests/converter"]);
suite("live sources", ["tests/live"]);
suite("sweep", ["tests/sweep"]);
suite("preview report", ["tests/previewReport"]);
suite("policies and workflows", ["tests/policies", "tests/workflows"]);
suite("package", ["tests/package"]);
if (only !== "unit") {
  // These need the helper's image, and most of them boot machines.
  if (prepare()) {
    suite(
      "local cloud",
      ["cloud", "commands", "ec2Api", "engine", "providers"].map((room) => `tests/local/${room}`),
    );
    suite("machines", ["tests/local/machines", "tests/local/images"]);
    suite("provider", ["tests/provider"]);
    suite("end to end", ["tests/end-to-end"]);
    suite("examples", ["tests/examples"]);
    suite("faults (part)", ["tests/faults"]);
    suite("matrix (part)", ["tests/matrix"]);
  } else {
    totals.failed += 1;
    console.log("The local cloud could not be prepared: nothing that needs it was tested.");
  }
}

console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;

function step(name) {
  console.log(`\n=== ${name} ===`);
}

/** Builds the engine and the images where they are not there yet, in a cloud of the tests' own. */
function prepare() {
  step("preparing the engine, the images and the local cloud");
  const { status, stdout } = spawnSync(process.execPath, ["dist/local/cloud.cjs", "prepare", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    env: { ...process.env, PV_TO_HVM_CLOUD: resolve(".cache/test-cloud") },
  });
  if (status !== 0) return false;
  const ours = Object.entries(JSON.parse(stdout)).filter(([name]) => name.startsWith("PV_TO_HVM_"));
  Object.assign(process.env, Object.fromEntries(ours));
  return true;
}

/** One command that either holds or does not: counts as one. */
function check(name, command) {
  step(name);
  const { status } = spawnSync(join("node_modules", ".bin", command[0]), command.slice(1), {
    stdio: ["ignore", "inherit", "inherit"],
  });
  console.log(status === 0 ? "holds" : "does not hold");
  totals[status === 0 ? "passed" : "failed"] += 1;
}

function suite(name, folders) {
  step(name);
  const present = folders.filter((folder) => existsSync(folder));
  const file = join(mkdtempSync(join(tmpdir(), "pv-to-hvm-totals-")), "totals.json");
  const options = ["--recursive", "--reporter", "tests/reporter.cjs", "--exit"];
  spawnSync(join("node_modules", ".bin", "mocha"), [...options, ...present], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PV_TO_HVM_TOTALS: file },
  });
  // A suite that died before its end has no totals: that is a failure, whatever it had passed.
  const ended = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : { passes: 0, failures: 1, pending: 0 };
  totals.passed += ended.passes;
  totals.failed += ended.failures;
  totals.skipped += ended.pending;
}
