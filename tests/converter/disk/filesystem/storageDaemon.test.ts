import { withShown } from "../../../../converter/disk/filesystem/storageDaemon";
import { type Runner, run } from "../../../../converter/run";
import { removeFolders, scratchFolder } from "../images";

describe("QEMU's storage daemon", () => {
  after(removeFolders);

  it("is asked to end until it does: one that did not hear the first word keeps no conversion waiting", async () => {
    const folder = scratchFolder();
    // The real one is deaf for a moment only, which no test can meet.
    const program = `trap 'trap "exit 0" TERM' TERM
      truncate -s 4096 "$1/disk"; echo $$ > "$1/pid"
      while :; do sleep 0.05; done`;
    const deaf: Runner = (_, options) => run(["sh", "-c", program, "sh", folder], options);
    const shown = { purpose: "showing", nodes: [], node: "disk", sizeBytes: 4096, folder, writable: false };
    await withShown(shown, deaf, () => Promise.resolve());
  });
});
