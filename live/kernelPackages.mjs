/** The table of packages with a kernel for HVM (`converter/guest/kernel/kernelPackages.json`) as a function of the shell. */
import { readFileSync } from "node:fs";

const TABLE = new URL("../converter/guest/kernel/kernelPackages.json", import.meta.url);

/** `kernel_packages`: the first row that fits prints its names. */
export function kernelPackagesFunction() {
  const rows = JSON.parse(readFileSync(TABLE, "utf8"));
  return `kernel_packages() {\n${rows.map((row) => `  ${shellOf(row)}\n`).join("")}  :\n}\n`;
}

function shellOf({ systems, releases = ["*"], architecture = "*", family, packages }) {
  const patterns = systems.flatMap((system) =>
    releases.map((release) => `${system}/${release}/${architecture}`),
  );
  const print = packages.length === 0 ? "" : `printf '%s\\n' '${packages.join(" ")}' && `;
  const choice = `case "$OS_ID/$OS_VERSION/$ARCHITECTURE" in ${patterns.join(" | ")}) ${print}return ;; esac`;
  return family === undefined ? choice : `! wants ${family} || ${choice}`;
}
