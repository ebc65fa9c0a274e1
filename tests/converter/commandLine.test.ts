import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseCommandLine } from "../../converter/commandLine";
import { VERSION } from "../../converter/version";
import { run } from "./program";

describe("the command line", () => {
  const WRONG: [string[], RegExp[]][] = [
    [
      [],
      [
        /^no command\. Commands are inspect, convert.*restore, report, preview-report, preflight, discover, sweep, prepare; --help/,
      ],
    ],
    [["prepare", "/"], [/^prepare: this is the converter by itself/]],
    [["report"], [/^report: this is the converter by itself\. Run `npx --no pv-to-hvm report`/]],
    [["convert", "a", "b", "--summary"], [/^--summary: has no meaning for convert/]],
    [["inspect", "a", "--summary", "--json"], [/^--summary: has no meaning for --json/]],
    [["fly"], [/^fly: no such command/]],
    [["sweep"], [/^sweep: this is the converter by itself\. Run `npx --no pv-to-hvm sweep`/]],
    [["inspect"], [/takes SOURCE \[DESTINATION\], got none/]],
    [["convert", "a"], [/takes SOURCE DESTINATION, got a/]],
    [["copy", "a", "b", "c"], [/got a b c/]],
    [["inspect", "a", "--bogus"], [/'--bogus'/]],
    [["convert", "a", "b", "--timeout", "5"], [/--timeout: has no meaning for convert/]],
    [["copy", "a", "b", "--plan", "f"], [/--plan: has no meaning for copy/]],
    [["rehearse", "a", "--timeout", "0"], [/--timeout: must be a whole number above 0, got 0/]],
    [["rehearse", "a", "--timeout=-5"], [/got -5/]],
    [["rehearse", "a", "--timeout", "5m"], [/got 5m/]],
    [["rehearse", "a", "--accel", "xen"], [/--accel: must be auto or kvm or tcg, got xen/]],
    [["rehearse", "a", "--volume-id", "nvme1n1"], [/--volume-id: nvme1n1 is no volume id/]],
    [["rehearse", "a", "--disk", "scsi"], [/--disk: must be nvme or ide or sata or virtio, got scsi/]],
    [["rehearse", "a", "--no-rehearsal"], [/--no-rehearsal: has no meaning for rehearse/]],
    [["convert", "a", "b", "--disk", "ide"], [/--disk: has no meaning for convert/]],
    [["convert", "a", "b", "--force"], [/--force: has no meaning for convert/]],
    [["restore"], [/takes one DISK, FOLDER or --root FOLDER, got none/]],
    [["restore", "a", "b"], [/got a b\./]],
    [["restore", "a", "--root", "/mnt"], [/got a --root \/mnt\./]],
    [["restore", "a", "--layout", "gpt"], [/--layout: has no meaning for restore/]],
    [["restore", "/no/such/disk"], [/\/no\/such\/disk: does not exist/]],
    [["restore", "--root", "/no/such/folder"], [/--root \/no\/such\/folder: is no folder/]],
    // Everything wrong at once.
    [
      ["convert", "a", "--for", "xen,kvm", "--layout", "bsd", "--memory", "9"],
      [/"kvm" is no family/, /must be mbr or gpt, got bsd/, /--memory: has no meaning/, /got a\./],
    ],
  ];
  for (const [argv, messages] of WRONG) {
    it(`is refused: ${argv.join(" ") || "nothing"}`, async () => {
      const { status, lines, out } = await run(...argv);
      assert.equal(status, 2);
      assert.equal(out, "");
      for (const message of messages) assert.match(lines.join("\n").replace(/^pv-to-hvm: /, ""), message);
    });
  }

  it("has xen and nitro, mbr, and no growing for a default", () => {
    const parsed = parseCommandLine(["convert", "a", "b"]);
    assert.deepEqual(parsed, {
      ...{
        name: "convert",
        source: "a",
        destination: "b",
        json: false,
        expect: undefined,
        planFile: undefined,
        summary: false,
        check: true,
      },
      options: { for: ["xen", "nitro"], layout: "mbr", grow: false, rehearse: true },
    });
  });

  it("takes a filesystem's own word where it is told to, in an inspection alone", () => {
    const parsed = parseCommandLine(["inspect", "a", "--no-check"]);
    assert.equal("check" in parsed && parsed.check, false);
    assert.throws(() => parseCommandLine(["convert", "a", "b", "--no-check"]), {
      message: "--no-check: has no meaning for convert. Leave it out.",
    });
  });

  it("takes every choice that shapes the result", () => {
    const parsed = parseCommandLine(
      ["convert", "a", "b", "--for", "xen", "--layout", "gpt", "--grow"].concat("--no-rehearsal"),
    );
    assert.ok(parsed.name === "convert");
    assert.deepEqual(parsed.options, { for: ["xen"], layout: "gpt", grow: true, rehearse: false });
  });

  const RESTORES: [string[], object][] = [
    [["vol-0123456789abcdef0"], { guest: "vol-0123456789abcdef0", isFolder: false, force: false }],
    [["/mnt", "--force"], { guest: "/mnt", isFolder: false, force: true }],
    [["--root", "/mnt"], { guest: "/mnt", isFolder: true, force: false }],
  ];
  for (const [argv, expected] of RESTORES) {
    it(`restores by a disk or a folder: ${argv.join(" ")}`, () => {
      const common = { name: "restore", json: false, expect: undefined };
      assert.deepEqual(parseCommandLine(["restore", ...argv]), { ...common, ...expected });
    });
  }

  it("takes a rehearsal's volume id from the disk's name", () => {
    const parsed = parseCommandLine(["rehearse", "vol-0123456789abcdef0"]);
    assert.ok(parsed.name === "rehearse");
    assert.deepEqual(
      [parsed.volumeId, parsed.timeoutSeconds, parsed.memoryMb, parsed.accelerator, parsed.diskBus],
      ["vol-0123456789abcdef0", 3600, 1024, "auto", undefined],
    );
  });

  it("takes the bus that a rehearsal's disk is to be on", () => {
    const parsed = parseCommandLine(["rehearse", "disk.img", "--disk", "ide"]);
    assert.ok(parsed.name === "rehearse");
    assert.equal(parsed.diskBus, "ide");
  });

  it("tells the version that package.json has", async () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(__dirname, "../../package.json"), "utf8")) as {
      version: string;
    };
    assert.equal(VERSION, version);
    assert.match((await run("--version")).out, new RegExp(`^pv-to-hvm ${version} \\([0-9a-f]{16}\\)\n$`));
  });

  it("tells what there is", async () => {
    const { status, out } = await run("--help");
    assert.equal(status, 0);
    for (const name of [
      "inspect",
      "convert",
      "partition",
      "copy",
      "configure",
      "install-grub",
      "verify",
      "rehearse",
      "restore",
      "preflight",
      "discover",
      "sweep",
    ])
      assert.ok(out.includes(name));
    assert.ok(out.split("\n").every((line) => line.length <= 110));
  });

  it("names every disk that does not exist", async () => {
    const { status, lines } = await run("inspect", "/no/such/source", "/no/such/destination");
    assert.equal(status, 2);
    assert.match(lines.join("\n"), /source: does not exist[^]*destination: does not exist/);
  });

  it("refuses to be another program than the one expected", async () => {
    const { status, last } = await run("inspect", "a", "--expect", "0123456789abcdef");
    assert.equal(status, 4);
    assert.match(
      last,
      /^FAILED: converter: this program is [0-9a-f]{16} .*, 0123456789abcdef was expected: .* Nothing was written by this step\. Set a new revision/,
    );
  });
});
