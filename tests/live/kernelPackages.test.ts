/** The package that brings a kernel for HVM: one table, by which the live program and the converter go. */
import * as assert from "node:assert/strict";
import { kernelPackageNames } from "../../converter/guest/kernel/kernelPackage";
import type { Family } from "../../converter/types";
import { removeFolders } from "../converter/disk/images";
import { runFunctions, shellsHere } from "./program";

type Row = [id: string, version: string, architecture: "x86_64" | "i386", families: Family[], first: string];

const BOTH: Family[] = ["xen", "nitro"];
const ROWS: Row[] = [
  ["red", "4", "x86_64", ["xen"], "kernel-smp"],
  ["centos", "5.9", "i386", ["xen"], "kernel-PAE"],
  ["centos", "5.9", "x86_64", ["xen"], "kernel"],
  ["centos", "6.2", "x86_64", BOTH, "kernel"],
  ["amzn", "2018.03", "x86_64", BOTH, "kernel"],
  ["amazon", "2012.03", "x86_64", BOTH, "kernel"],
  // Their own kernels know Xen as PV alone.
  ["ubuntu", "8.04", "x86_64", ["xen"], ""],
  ["ubuntu", "10.04", "x86_64", ["xen"], "linux-image-virtual-lts-backport-maverick"],
  ["ubuntu", "14.04", "x86_64", ["xen"], "linux-image-virtual"],
  ["ubuntu", "14.04", "x86_64", BOTH, "linux-aws"],
  ["ubuntu", "14.04", "i386", ["xen"], "linux-image-virtual"],
  ["debian", "6.0.10", "i386", ["xen"], "linux-image-686-pae"],
  ["debian", "squeeze/sid", "x86_64", ["xen"], "linux-image-amd64"],
  ["sles", "11.3", "x86_64", ["xen"], "kernel-default+xen-kmp-default"],
  ["suse", "11", "i386", ["xen"], "kernel-pae+xen-kmp-pae"],
  ["opensuse-leap", "15.0", "x86_64", BOTH, "kernel-default"],
  ["gentoo", "", "x86_64", ["xen"], ""],
  ["slackware", "13", "x86_64", ["xen"], ""],
];

for (const shell of shellsHere())
  describe(`packages with a kernel for HVM, by ${shell}`, () => {
    after(removeFolders);

    it("are the ones that the converter names, for every system and release", () => {
      const script = ROWS.map(
        ([id, version, architecture, families]) =>
          `OS_ID='${id}' OS_VERSION='${version}' ARCHITECTURE='${architecture}' FAMILIES='${families.join(" ")}'
printf '%s\\n' "$(kernel_packages)"`,
      );
      const named = runFunctions(shell, script.join("\n")).trimEnd().split("\n");
      const expected = ROWS.map(([id, version, architecture, families]) =>
        kernelPackageNames({ os: { id, version, name: id }, architecture }, families),
      );
      assert.deepEqual(
        ROWS.map((_, index) => named[index] ?? ""),
        expected.map((names) => names.join(" ")),
      );
      assert.deepEqual(
        expected.map((names) => names[0] ?? ""),
        ROWS.map(([, , , , first]) => first),
      );
    });
  });
