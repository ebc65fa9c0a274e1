/** The plan for a generator, judged by the real one: Debian's initramfs-tools and dracut, with a real kernel's modules. No machine boots. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { applyEdits } from "../../converter/guest/apply";
import { runInGuest } from "../../converter/guest/sandbox";
import { rebuildInitramfs } from "../../converter/guest/initramfs/initramfs";
import {
  modulesFor,
  planInitramfsConfiguration,
} from "../../converter/guest/initramfs/initramfsConfiguration";
import { unknownOptions } from "../../converter/guest/initramfs/generators/unknownOptions";
import { moduleKey } from "../../converter/guest/kernel/drivers";
import { planDrivers } from "../../converter/guest/kernel/planDrivers";
import { run } from "../../converter/run";
import type { Plan } from "../../converter/types";
import { has } from "../matrix/shell";
import type { TreeName } from "../matrix/trees";
import { modulesIn, realTree, withRealGuest, type RealGuest } from "./realGuest";

interface Case {
  it: string;
  tree: TreeName;
  /** What its owner, or the builder of its image, has configured. */
  texts: Record<string, string>;
  /** What the guest's next kernel update calls. */
  update: (version: string) => string[];
}

const UPDATE_INITRAMFS = (version: string) => ["update-initramfs", "-u", "-k", version];
const DRACUT = (version: string) => ["dracut", "--force", `/boot/initrd.img-${version}`, version];

const CASES: Case[] = [
  {
    it: "initramfs-tools with MODULES=list",
    tree: "sysvinit",
    texts: { "/etc/initramfs-tools/modules": "ext4\n" },
    update: UPDATE_INITRAMFS,
  },
  {
    it: "initramfs-tools with MODULES=dep in a file of its own",
    tree: "sysvinit",
    texts: { "/etc/initramfs-tools/modules": "", "/etc/initramfs-tools/conf.d/zz-small": "MODULES=dep\n" },
    update: UPDATE_INITRAMFS,
  },
  {
    it: "dracut with a builder's list of drivers, and nvme omitted",
    tree: "dracut",
    texts: {
      "/etc/dracut.conf.d/ami.conf":
        'drivers+=" xen-blkfront ext4 "\nomit_drivers+=" nvme nvme-core xen_netback "\n',
    },
    update: DRACUT,
  },
  {
    it: "dracut for this machine alone",
    tree: "dracut",
    texts: { "/etc/dracut.conf.d/host.conf": 'hostonly="yes"\n' },
    update: DRACUT,
  },
];

const hasTools = process.getuid?.() === 0 && has("mmdebstrap");

for (const { it: title, tree, texts, update } of CASES)
  (hasTools ? describe : describe.skip)(`the plan for ${title}`, function () {
    // The tree is built once; a generator takes a minute on a slow machine.
    this.timeout(0);

    it("brings every driver that it names, now and with the next kernel update", async () => {
      fs.mkdirSync(path.resolve(".cache"), { recursive: true });
      await withRealGuest(await realTree(tree), texts, async (guest) => {
        const named = await rebuild(guest);
        assert.ok(named.length > 6, named.join(" "));
        assert.deepEqual(lacking(named, await modulesIn(guest)), []);
        await runInGuest(guest.tree, update(guest.version), run, { purpose: "updating the kernel" });
        assert.deepEqual(lacking(named, await modulesIn(guest)), []);
      });
    });
  });

/** As a conversion does it; gives back what was named. */
async function rebuild({ tree, facts }: RealGuest): Promise<string[]> {
  const root = { name: "LABEL=root" };
  const { initramfs, drivers } = planDrivers(facts, facts.kernels[0], { for: ["xen", "nitro"] }, root);
  const edits = planInitramfsConfiguration(facts, drivers, (name) => tree.read(name));
  assert.deepEqual(
    initramfs.map(({ action }) => action),
    ["rebuild"],
  );
  assert.deepEqual(unknownOptions(tree, initramfs[0].command ?? []), []);
  applyEdits(tree, { edits } as Plan);
  await rebuildInitramfs(tree.root, initramfs, run);
  return modulesFor(facts.kernels[0], drivers);
}

function lacking(named: string[], modules: ReadonlySet<string>): string[] {
  return named.filter((name) => !modules.has(moduleKey(name)));
}
