/** A virtual environment with what the Python examples require, and the SDK of the component in it. */
import { join } from "node:path";
import { generateSdk } from "./generate";
import { contentsOf, made } from "./made";
import { run } from "./toolRun";

/** Exact versions of what `requirements.txt` asks for, what the generated SDK needs, and the type checker. */
const REQUIREMENTS = join(__dirname, "..", "tools", "python", "requirements.txt");

export interface PythonEnvironment {
  interpreter: string;
  /** Folder in which `pulumi_pv_to_hvm` lies. */
  sdk: string;
}

/** Only ever `python -m …`: the scripts in `bin` name the folder that it was made in. Installs from PyPI where it is not there yet: 20 s and 700 MB, most of it pulumi-aws. */
export async function pythonEnvironment(cache: string, schema: string): Promise<PythonEnvironment> {
  const venv = await made(cache, "python", contentsOf(REQUIREMENTS), async (folder) => {
    console.log("      installing the Python examples' requirements from PyPI (half a minute, once)");
    await run(["python3", "-m", "venv", folder]);
    await run([
      join(folder, "bin", "python"),
      "-m",
      "pip",
      "install",
      "--quiet",
      "--requirement",
      REQUIREMENTS,
    ]);
  });
  const interpreter = join(venv, "bin", "python");
  const source = await generateSdk(cache, "python", "pv-to-hvm", schema);
  const sdk = await made(cache, "python-sdk", [venv, source], async (folder) => {
    await run([interpreter, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, source]);
  });
  return { interpreter, sdk };
}
