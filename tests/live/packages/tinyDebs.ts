/** Tiny packages for dpkg and repositories of them, made by the real dpkg-deb and dpkg-scanpackages. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { scratchFolder } from "../../converter/disk/images";
import type { TinyPackage } from "./tinyPackages";

/** Puts the packages into a repository, which keeps those that it has. */
export function addDebs(repository: string, packages: TinyPackage[]): void {
  fs.mkdirSync(repository, { recursive: true });
  for (const one of packages) buildDeb(repository, one);
  const list = execFileSync("dpkg-scanpackages", ["--multiversion", "."], {
    cwd: repository,
    stdio: ["ignore", "pipe", "pipe"],
  });
  fs.writeFileSync(path.join(repository, "Packages"), list);
}

function buildDeb(
  repository: string,
  { name, version, fill, script, needs = [], gives = [] }: TinyPackage,
): void {
  const folder = scratchFolder();
  fill?.(folder);
  fs.mkdirSync(path.join(folder, "DEBIAN"));
  const relations = Object.entries({ Depends: needs, Provides: gives }).filter(
    ([, names]) => names.length > 0,
  );
  const control = `Package: ${name}
Version: ${version}
Architecture: amd64
Maintainer: a test <test@example.org>
${relations.map(([kind, names]) => `${kind}: ${names.join(", ")}\n`).join("")}Description: made by a test
`;
  fs.writeFileSync(path.join(folder, "DEBIAN/control"), control);
  if (script !== undefined)
    fs.writeFileSync(
      path.join(folder, "DEBIAN/postinst"),
      `#!/bin/sh\n[ "$1" = configure ] || exit 0\n${script}\n`,
      { mode: 0o755 },
    );
  fs.chmodSync(folder, 0o755);
  execFileSync("dpkg-deb", ["--root-owner-group", "-Znone", "--build", folder, repository], {
    stdio: "pipe",
  });
  fs.rmSync(folder, { recursive: true });
}
