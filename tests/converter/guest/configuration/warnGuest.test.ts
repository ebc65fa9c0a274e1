import assert from "node:assert/strict";
import { warnClock } from "../../../../converter/guest/configuration/clock";
import { GROWING_FILES, warnGrowth } from "../../../../converter/guest/configuration/growRoot";
import { warnLvm } from "../../../../converter/guest/configuration/lvmConfiguration";
import type { Facts } from "../../../../converter/types";

function facts(table: "none" | "mbr", version: string, words: string[] = []): Facts {
  const bootFile = { path: "/m", defaultEntry: 0, entries: [{ title: "A", kernel: "/k", arguments: words }] };
  const parts = [{ content: { kind: table === "none" ? "filesystem" : "lvm" } }];
  return {
    source: { table, parts },
    guest: { bootFile, kernels: [{ path: "/k", version }] },
  } as unknown as Facts;
}

const CLOUD = { "/etc/cloud/cloud.cfg": "cloud_init_modules:\n - resizefs\n" };
const GROWPART = { "/usr/bin/growpart": "#!/bin/sh\n" };
const HOOK = { "/usr/share/initramfs-tools/scripts/local-bottom/growroot": "#!/bin/sh\n" };

const GROWTH: {
  it: string;
  files: Record<string, string>;
  table?: "mbr";
  version?: string;
  says: RegExp[];
}[] = [
  { it: "cloud-init grew it on the bare disk", files: CLOUD, says: [/will not reach beyond the partition/] },
  { it: "rc.local did", files: { "/etc/rc.local": "resize2fs /dev/sda1\n" }, says: [/beyond the partition/] },
  {
    it: "growpart is there, and the kernel too old for it",
    files: { ...CLOUD, ...GROWPART },
    version: "2.6.32",
    says: [/beyond/],
  },
  {
    it: "growpart is there, and the kernel can",
    files: { ...CLOUD, ...GROWPART },
    version: "3.13.0-48",
    says: [],
  },
  { it: "it had partitions before", files: CLOUD, table: "mbr", says: [] },
  { it: "nothing grew it", files: { "/etc/rc.local": "# resize2fs\n" }, says: [] },
  {
    it: "a hook of the initramfs does not know NVMe's names",
    files: HOOK,
    says: [/does not know the names of NVMe/],
  },
];

describe("warning of a root that grew with its volume", () => {
  for (const { it: title, files, table = "none", version = "3.2.0-4", says } of GROWTH) {
    it(`${says.length > 0 ? "warns" : "says nothing"} where ${title}`, () => {
      const found = warnGrowth(facts(table, version), (path) => (files as Record<string, string>)[path]);
      assert.equal(found.length, says.length);
      says.forEach((pattern, index) => assert.match(found[index].found, pattern));
      assert.ok(Object.keys(files).every((path) => GROWING_FILES.includes(path)));
    });
  }
});

const FILTERS: [text: string, hides: boolean][] = [
  ['filter = [ "a|/dev/xvd.*|", "r|.*|" ]\n', true],
  ['  global_filter=["a|^/dev/sd|",\n    "r|.*|"]\n', true],
  ['filter = "r|.*|"\n', true],
  ['filter = [ "a|/dev/xvd|", "a|/dev/nvme|", "r|.*|" ]\n', false],
  ['filter = [ "a/.*/" ]\n', false],
  ['filter = [ "r|/dev/cdrom|" ]\n', false],
  ['# filter = [ "r|.*|" ]\n', false],
  ['filter = [ "a|(|", "r|.*|" ]\n', true],
];

describe("warning of LVM's filters", () => {
  for (const [text, hides] of FILTERS) {
    it(`${hides ? "warns of" : "passes"} ${JSON.stringify(text)}`, () =>
      assert.equal(warnLvm(facts("mbr", "3.2.0"), () => text).length, hides ? 1 : 0));
  }

  it("says nothing to a guest without LVM", () => {
    assert.deepEqual(
      warnLvm(facts("none", "3.2.0"), () => FILTERS[0][0]),
      [],
    );
  });
});

describe("warning of the clock", () => {
  it("tells of a clocksource= that outlives the move", () => {
    assert.match(
      warnClock(facts("none", "3", ["ro", "clocksource=tsc"]).guest)[0].found,
      /says clocksource=tsc\./,
    );
  });

  it("says nothing where none is named", () => {
    assert.deepEqual(warnClock(facts("none", "3", ["ro"]).guest), []);
  });
});
