import assert from "node:assert/strict";
import { installedModules } from "../../../../converter/guest/kernel/modules";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "../phonyGuest";

const V = "3.2.0-4-amd64";
const FOLDER = `/lib/modules/${V}`;
const NVME = "kernel/drivers/nvme/host/nvme.ko";
const ENA = "updates/dkms/ena.ko";
const FAR = "kernel/drivers/net/far/away/e1000.ko";

/** What is found of modules that lie there, and which folders were listed for it. */
function foundIn(files: string[], dep?: string) {
  const there = files.map((file): [string, PhonyFile] => [`${FOLDER}/${file}`, ""]);
  const list: [string, PhonyFile][] = dep === undefined ? [] : [[`${FOLDER}/modules.dep`, dep]];
  const tree = phonyGuest(Object.fromEntries([...there, ...list]));
  const listed: string[] = [];
  const real = tree.list.bind(tree);
  tree.list = (folder) => {
    listed.push(folder);
    return real(folder);
  };
  return { found: Object.fromEntries(installedModules(tree, V)), listed };
}

describe("the modules of a kernel", () => {
  after(removePhonyGuests);

  it("are found by modules.dep, without a look into the kernel's own folders", () => {
    const { found, listed } = foundIn(
      [NVME, FAR],
      `${NVME}: kernel/drivers/nvme/host/nvme-core.ko\n${FAR}:\n`,
    );
    assert.deepEqual(found, { nvme: `${FOLDER}/${NVME}`, e1000: `${FOLDER}/${FAR}` });
    assert.deepEqual(listed, [FOLDER]);
  });

  it("are found where depmod wrote whole paths, and packed ones", () => {
    const { found, listed } = foundIn([`${NVME}.gz`], `${FOLDER}/${NVME}.gz:\n`);
    assert.deepEqual(found, { nvme: `${FOLDER}/${NVME}.gz` });
    assert.deepEqual(listed, [FOLDER]);
  });

  it("are found beside the kernel's own whether depmod knows them or not", () => {
    assert.equal(foundIn([NVME, ENA], `${NVME}:\n`).found.ena, `${FOLDER}/${ENA}`);
  });

  for (const [what, dep] of [
    ["is missing", undefined],
    ["is empty", ""],
    ["names none of the kernel's own", `${ENA}:\n`],
    ["names a driver that is not there", `${NVME}:\nkernel/drivers/net/ena.ko:\n`],
  ] as [string, string | undefined][]) {
    it(`are looked for in every folder where modules.dep ${what}`, () => {
      const { found } = foundIn([NVME, FAR, ENA], dep);
      assert.deepEqual(found, {
        nvme: `${FOLDER}/${NVME}`,
        e1000: `${FOLDER}/${FAR}`,
        ena: `${FOLDER}/${ENA}`,
      });
    });
  }
});
