/**
 * Everything that must hold, in order of cost: format, lint, types, then the tests room by room, those with machines
 * last. Goes on after a failure, and ends with one line of totals. `npm test -- unit` leaves the machines out.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const totals = { passed: 0, failed: 0, skipped: 0 };
const only = process.argv[2];

check("format", ["prettier", "--check", "--log-level=warn", "."]);
check("lint", ["eslint", "."]);
check("types", ["tsc", "--noEmit"]);
suite("components", ["tests/components"]);
suite("converter", ["tests/converter"]);
suite("local cloud", ["tests/local/cloud", "tests/local/commands", "tests/local/engine", "tests/local/providers"]);
if (only !== "unit") {
  // These boot machines. `prepare` builds the engine and the images where they are not there yet.
  step("preparing the engine, the images and the local cloud");
  const prepared = spawnSync(process.execPath, ["dist/local/cloud.cjs", "prepare", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (prepared.status === 0) {
    Object.assign(process.env, JSON.parse(prepared.stdout));
    suite("machines", ["tests/local/machines", "tests/local/images"]);
    suite("end to end", ["tests/end-to-end"]);
  } else {
    totals.failed += 1;
    console.log("The local cloud could not be prepared: nothing that needs a machine was tested.");
  }
}

console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;

function step(name) {
  console.log(`\n=== ${name} ===`);
}

/** One command that either holds or does not: counts as one. */
function check(name, command) {
  step(name);
  const { status } = spawnSync("npx", ["--no-install", ...command], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  console.log(status === 0 ? "holds" : "does not hold");
  totals[status === 0 ? "passed" : "failed"] += 1;
}

function suite(name, folders) {
  step(name);
  const present = folders.filter((folder) => existsSync(folder));
  const file = join(mkdtempSync(join(tmpdir(), "pv-to-hvm-totals-")), "totals.json");
  spawnSync(
    "npx",
    ["--no-install", "mocha", "--recursive", "--reporter", "tests/reporter.cjs", "--exit", ...present],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, PV_TO_HVM_TOTALS: file },
    },
  );
  // A suite that died before its end has no totals: that is a failure, whatever it had passed.
  const ended = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : { passes: 0, failures: 1, pending: 0 };
  totals.passed += ended.passes;
  totals.failed += ended.failures;
  totals.skipped += ended.pending;
}
