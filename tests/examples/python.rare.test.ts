/** The Python examples: type-checked with mypy, and previewed by the real engine. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { componentSchema, python } from "./languages";
import { itPlansWhatEveryLanguagePlans, itRefusesWhatIsNotPublished } from "./previews";
import { PROGRAMS } from "./programs";
import { pythonEnvironment } from "./sdk/python";
import { has, run } from "./sdk/toolRun";
import { CACHE, type Language, ROOT, Stage } from "./stage";

describe("the examples in Python", function () {
  this.timeout(900_000);
  let stage: Stage;
  let language: Language;
  before(async function () {
    for (const tool of ["python3", "go"]) {
      if (has(tool)) continue;
      console.log(`      skipped: there is no ${tool} here`);
      this.skip();
    }
    language = await python();
    stage = await Stage.open();
  });
  after(() => stage?.close());

  it("are of the right types, against pulumi-aws and the SDK that the schema makes", async () => {
    const { interpreter, sdk } = await pythonEnvironment(CACHE, componentSchema());
    const folder = join(CACHE, "mypy");
    rmSync(join(folder, "programs"), { recursive: true, force: true });
    mkdirSync(join(folder, "programs"), { recursive: true });
    writeFileSync(join(folder, "mypy.ini"), MYPY);
    // Each is a `__main__`, of which mypy takes one at a time, and reading pulumi-aws takes half a minute.
    const files = PROGRAMS.map((program) => {
      const file = join(folder, "programs", `${program.name.replaceAll("-", "_")}.py`);
      copyFileSync(join(ROOT, "examples", program.folder("python"), "__main__.py"), file);
      return file;
    });
    await run([interpreter, "-m", "mypy", "--strict", ...files], { cwd: folder, env: { MYPYPATH: sdk } });
  });

  itPlansWhatEveryLanguagePlans(() => ({ stage, language }));
  itRefusesWhatIsNotPublished(() => ({ stage, language }));
});

/** What Pulumi's generator writes is no work of ours. */
const MYPY = "[mypy]\n\n[mypy-pulumi_pv_to_hvm.*]\nignore_errors = True\n";
