/** The program as it is run on a helper, ended in the middle of a step and run again. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { GRUB_IMAGES } from "../../../converter/boot/grubCore";
import { blankDisk, command, fileInside, isRoot, removeFolders, scratchFolder, sha256 } from "../disk/images";
import { INITRD_PATH, MENU_PATH, phonyDisk, REBUILT_INITRD } from "./phonyDisk";

/** Where the partition of a converted disk begins. */
export const PARTITION = 1048576;

interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  lines: string[];
}

/** A step, what the program says when it begins that piece of work, and how much later it is ended. */
export type Moment = [step: string, line: RegExp, millisecondsLater?: number];

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);

/** A guest's disk, what its conversion comes to, and the program. */
export class Resumption {
  private readonly program = path.join(scratchFolder(), "pv-to-hvm.cjs");
  readonly source = phonyDisk();
  private readonly sourceDigest = sha256(fs.readFileSync(this.source));
  private expected: string[] = [];

  static async open(): Promise<Resumption> {
    const resumption = new Resumption();
    const entry = path.join(__dirname, "../../../converter/main.ts");
    buildSync({
      ...{ entryPoints: [entry], bundle: true, platform: "node", target: "node18" },
      outfile: resumption.program,
    });
    const whole = blankDisk(96);
    const { status, lines } = await resumption.run(["convert", resumption.source, whole]);
    assert.equal(status, 0, lines.join("\n"));
    resumption.expected = contentOf(whole);
    return resumption;
  }

  /** Runs the program. `signal` is sent when a line of its standard error matches `moment`, or a little later. */
  run(argv: string[], moment?: RegExp, signal?: NodeJS.Signals, later = 0): Promise<Ended> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [this.program, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      let sent = false;
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (sent || !said.split("\n").some((line) => moment?.test(line))) return;
        sent = true;
        setTimeout(() => child.kill(signal), later);
      });
      child.on("close", (status, by) => resolve({ status, signal: by, lines: said.trim().split("\n") }));
    });
  }

  /** Converts to the end, and looks that nothing tells the result from that of a run without an interruption. */
  async goesOn(destination: string): Promise<void> {
    const second = await this.run(["convert", this.source, destination]);
    assert.equal(second.status, 0, second.lines.join("\n"));
    assert.match(second.lines.at(-1) ?? "", /^CHANGED: converted|^NOCHANGE: converted already/);
    this.assertWhole(destination);
    assert.deepEqual(usesOf(this.source), []);
    assert.equal(sha256(fs.readFileSync(this.source)), this.sourceDigest);
  }

  assertWhole(destination: string): void {
    assert.deepEqual(contentOf(destination), this.expected);
    assert.deepEqual(usesOf(destination), []);
  }

  /** A destination on which `partition` and `copy` are finished. */
  async copied(): Promise<string> {
    const destination = blankDisk(96);
    for (const step of ["partition", "copy"])
      assert.equal((await this.run([step, this.source, destination])).status, 0);
    return destination;
  }
}

/** A conversion that is ended at each of these moments, once by each signal. `more`: further tests of the same guest. */
export function describeResumption(
  title: string,
  moments: Moment[],
  more: (opened: () => Resumption) => void = () => undefined,
): void {
  (hasTools ? describe : describe.skip)(title, function () {
    this.timeout(120_000);
    let resumption: Resumption;
    before(async () => (resumption = await Resumption.open()));
    after(removeFolders);

    for (const [step, moment, later] of moments) {
      it(`by SIGKILL in ${step} goes on from there, and leaves nothing mounted or attached`, async () => {
        const destination = blankDisk(96);
        const words = ["convert", resumption.source, destination];
        const first = await resumption.run(words, moment, "SIGKILL", later);
        assert.equal(first.signal, "SIGKILL", first.lines.join("\n"));
        await resumption.goesOn(destination);
      });

      it(`by SIGTERM in ${step} cleans up, says how to go on, and does`, async () => {
        const destination = blankDisk(96);
        const words = ["convert", resumption.source, destination];
        const first = await resumption.run(words, moment, "SIGTERM", later);
        assert.equal(first.status, 4, first.lines.join("\n"));
        assert.match(
          first.lines.at(-1) ?? "",
          /^FAILED: ended by SIGTERM; run the same command again, it goes on from there$/,
        );
        assert.deepEqual(usesOf(destination), []);
        await resumption.goesOn(destination);
      });
    }
    more(() => resumption);
  });
}

/** What a conversion must come to, however often it was begun. */
function contentOf(destination: string): string[] {
  const inside = (name: string) => fileInside(destination, name, PARTITION);
  assert.ok(inside(INITRD_PATH).equals(REBUILT_INITRD), "the initramfs is not the rebuilt one");
  const texts = [MENU_PATH, "/etc/fstab", "/etc/inittab", "/etc/initramfs-tools/modules"].map((name) =>
    inside(name).toString(),
  );
  return [...texts, sha256(inside("/srv/data.bin"))];
}

/** Loop devices over a disk: a mount needs one too. */
function usesOf(disk: string): string[] {
  return command("losetup", "--associated", disk).split("\n").filter(Boolean);
}
