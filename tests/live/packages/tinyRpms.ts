/** Tiny packages for rpm and repositories of them, made by the real rpmbuild and createrepo_c. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { scratchFolder } from "../../converter/disk/images";
import type { TinyPackage } from "./tinyPackages";

/** Puts the packages into a repository, which keeps those that it has. */
export function addRpms(repository: string, packages: TinyPackage[]): void {
  fs.mkdirSync(repository, { recursive: true });
  for (const one of packages) buildRpm(repository, one);
  execFileSync("createrepo_c", ["--quiet", repository]);
}

/** Builds one, without the machine's own settings for packages: nothing is stripped, packed or looked through. */
function buildRpm(
  repository: string,
  { name, version, fill, script, needs = [], gives = [] }: TinyPackage,
): void {
  const folder = scratchFolder();
  const content = path.join(folder, "content");
  fs.mkdirSync(content);
  fill?.(content);
  const files = filesBelow(content);
  const spec = `Name: ${name}
Version: ${version}
Release: 1
Summary: made by a test
License: none
BuildArch: x86_64
AutoReqProv: no
${needs.map((need) => `Requires: ${need}\n`).join("")}${gives.map((gift) => `Provides: ${gift}\n`).join("")}
%description
Made by a test.
%install
mkdir -p %{buildroot} && cp -a '${content}/.' %{buildroot}
${script === undefined ? "" : `%post\n${script}\n`}
%files
${files.map((file) => `"${file}"\n`).join("")}`;
  fs.writeFileSync(path.join(folder, "tiny.spec"), spec);
  const settings = [
    ["_topdir", folder],
    ["_rpmdir", repository],
    ["_rpmfilename", "%{NAME}-%{VERSION}.rpm"],
    ["__os_install_post", "%{nil}"],
    ["debug_package", "%{nil}"],
  ].flatMap(([key, value]) => ["--define", `${key} ${value}`]);
  execFileSync("rpmbuild", ["-bb", "--quiet", ...settings, path.join(folder, "tiny.spec")], {
    stdio: "pipe",
  });
  fs.rmSync(folder, { recursive: true });
}

function filesBelow(folder: string): string[] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => !fs.lstatSync(path.join(folder, name)).isDirectory())
    .map((name) => `/${name}`);
}
