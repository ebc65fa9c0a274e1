import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import zlib from "node:zlib";
import { readLastBootedKernel } from "../../../../converter/guest/kernel/lastBoot";
import { installedModules } from "../../../../converter/guest/kernel/modules";
import { readNvmeTimeout, timeoutOfVersion } from "../../../../converter/guest/kernel/nvmeTimeout";
import { run } from "../../../../converter/run";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "../phonyGuest";

const UINT = 4294967295;

/** A module's `.modinfo`, behind enough code that it is not in the first piece that is read. */
function moduleWith(parmtype: string): Buffer {
  return Buffer.concat([
    Buffer.alloc(300_000),
    Buffer.from(`license=GPL\0parmtype=${parmtype}\0vermagic=V\0`),
  ]);
}

const zstd = (bytes: Buffer) => execFileSync("zstd", ["-qc"], { input: bytes });
const xz = (bytes: Buffer) => execFileSync("xz", ["-c"], { input: bytes });

describe("the NVMe driver's time-out", () => {
  after(removePhonyGuests);

  const NVME = "/lib/modules/V/kernel/drivers/nvme/host/nvme";
  const CORE = "/lib/modules/V/kernel/drivers/nvme/host/nvme-core";
  const MODULES: [kernel: string, files: Record<string, PhonyFile>, parameter?: string, max?: number][] = [
    ["Ubuntu 18.04", { [`${CORE}.ko`]: moduleWith("io_timeout:uint") }, "nvme_core.io_timeout", UINT],
    ["Debian 9", { [`${CORE}.ko`]: moduleWith("io_timeout:byte") }, "nvme_core.io_timeout", 255],
    ["Ubuntu 14.04", { [`${NVME}.ko`]: moduleWith("io_timeout:byte") }, "nvme.io_timeout", 255],
    ["CentOS 7", { [`${CORE}.ko.xz`]: xz(moduleWith("io_timeout:uint")) }, "nvme_core.io_timeout", UINT],
    ["Fedora", { [`${CORE}.ko.zst`]: zstd(moduleWith("io_timeout:uint")) }, "nvme_core.io_timeout", UINT],
    [
      "a gzipped module",
      { [`${CORE}.ko.gz`]: zlib.gzipSync(moduleWith("io_timeout:byte")) },
      "nvme_core.io_timeout",
      255,
    ],
    ["a driver without the parameter", { [`${NVME}.ko`]: moduleWith("admin_timeout:byte") }],
    ["a module that is damaged", { [`${CORE}.ko.xz`]: xz(moduleWith("io_timeout:uint")).subarray(0, 40) }],
    ["a kernel without the driver", {}],
  ];
  for (const [kernel, files, parameter, max] of MODULES) {
    it(`of ${kernel} is ${parameter ? `${parameter} to ${max}` : "not known"}`, async () => {
      const tree = phonyGuest(files);
      const found = await readNvmeTimeout(tree, installedModules(tree, "V"), undefined, run);
      assert.deepEqual(found, parameter === undefined ? undefined : { parameter, max });
    });
  }

  for (const [version, parameter, max] of [
    ["6.1.0-37-amd64", "nvme_core.io_timeout", UINT],
    ["4.15.0-20-generic", "nvme_core.io_timeout", UINT],
    ["4.14.1", "nvme_core.io_timeout", 255],
    ["4.4.0", "nvme.io_timeout", 255],
    ["3.2.0", undefined, undefined],
  ] as const) {
    it(`of Linux ${version} with the driver built in is ${parameter ?? "not known"}`, () =>
      assert.deepEqual(timeoutOfVersion(version), parameter && { parameter, max }));
  }
});

describe("the kernel that a guest booted last", () => {
  after(removePhonyGuests);
  const LOGS: [what: string, files: Record<string, PhonyFile>, version?: string][] = [
    [
      "Debian's dmesg",
      { "/var/log/dmesg": "[    0.000000] Linux version 3.2.0-4-amd64 (debian-kernel@x)\n" },
      "3.2.0-4-amd64",
    ],
    [
      "SUSE's boot.msg",
      { "/var/log/boot.msg": "<5>Linux version 3.0.101-63-ec2 (geeko@x)\n" },
      "3.0.101-63-ec2",
    ],
    ["an empty log", { "/var/log/dmesg": "" }],
    ["no log", {}],
  ];
  for (const [what, files, version] of LOGS) {
    it(`is ${version ?? "not known"} by ${what}`, () =>
      assert.equal(readLastBootedKernel(phonyGuest(files)), version));
  }
});
