/** The TypeScript examples: type-checked strictly, and previewed by the real engine. */
import assert from "node:assert/strict";
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { MODULES, typeScript } from "./languages";
import { itPlansWhatEveryLanguagePlans, itRefusesWhatIsNotPublished } from "./previews";
import { AUTOSCALING_GROUP, LAUNCH_TEMPLATE, PROGRAMS } from "./programs";
import { run } from "./sdk/toolRun";
import { CACHE, ROOT, Stage } from "./stage";

describe("the examples in TypeScript", function () {
  this.timeout(600_000);
  const language = typeScript();
  let stage: Stage;
  before(async () => (stage = await Stage.open()));
  after(() => stage?.close());

  it("are of the right types, against those that the package ships", async () => {
    const settings = join(CACHE, "typescript", "tsconfig.json");
    mkdirSync(join(settings, ".."), { recursive: true });
    writeFileSync(settings, JSON.stringify(strictSettings()));
    await run([join(MODULES, ".bin", "tsc"), "--project", settings]);
  });

  for (const program of [AUTOSCALING_GROUP, LAUNCH_TEMPLATE]) {
    it(`keeps the ${program.name}'s old image and its snapshot, and nothing else`, async () => {
      const { resources } = await stage.preview(program, language);
      const kept = resources.filter(({ isRetained }) => isRetained).map(({ name }) => name);
      assert.deepEqual(kept.sort(), ["web-image", "web-snapshot"]);
    });
  }

  itPlansWhatEveryLanguagePlans(() => ({ stage, language }));
  itRefusesWhatIsNotPublished(() => ({ stage, language }));
});

/** All programs at once, by the settings that each of them has. */
function strictSettings() {
  return {
    extends: join(ROOT, "examples", PROGRAMS[0].folder("typescript"), "tsconfig.json"),
    compilerOptions: {
      types: ["node"],
      typeRoots: [join(MODULES, "@types")],
      baseUrl: ROOT,
      paths: { "pv-to-hvm": ["dist/types/components/index.d.ts", "dist/types/index.d.ts"] },
    },
    files: PROGRAMS.map(({ folder }) => join(ROOT, "examples", folder("typescript"), "index.ts")),
  };
}
