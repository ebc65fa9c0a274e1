import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { formatReport } from "../../../converter/report";
import { formatSummary } from "../../../converter/report/summary";
import type { StepReport } from "../../../converter/types";
import { FACTS, INSPECTED, PARTITIONED, PLAN } from "./reports";

/** UPDATE_GOLDEN=1 writes the pages anew: read their diff before you keep them. */
function assertPage(name: string, text: string): void {
  const file = path.join(__dirname, "fixtures", name);
  if (process.env.UPDATE_GOLDEN) fs.writeFileSync(file, text);
  assert.equal(text, fs.readFileSync(file, "utf8"));
}

const withRefusals = (refusals: typeof PLAN.refusals): StepReport => ({
  ...INSPECTED,
  outcome: "REFUSED",
  summary: "2 reasons, nothing was written\ndestination: has 1 GiB. Make it 2 GiB.",
  plan: { ...PLAN, refusals },
});

describe("the report for a person", () => {
  it("of a guest on a bare disk is this page", () => assertPage("bare.txt", formatReport(INSPECTED)));

  it("of a guest with /boot, LVM and two kernels is this page", () =>
    assertPage("partitioned.txt", formatReport(PARTITIONED)));

  it("has a few lines where a summary is asked for: what changes, on what it boots, what to mind", () => {
    const plan = { ...PLAN, refusals: [{ subject: "/boot", found: "3 MB are free.", advice: "Make room." }] };
    const warnings = [{ subject: "/etc/fstab", found: "A disk is not there.", advice: "Look at it." }];
    const lines = formatSummary({ ...INSPECTED, plan, warnings })
      .trimEnd()
      .split("\n");
    const names = lines.map((line) => line.slice(0, 13).trim()).filter((name) => name !== "");
    assert.deepEqual(names, ["system", "boots", "on", "changes", "warnings", "refused"]);
    assert.ok(lines[0].endsWith(`${FACTS.guest.os.name}, ${FACTS.guest.architecture}`), lines[0]);
    assert.match(lines.join(" "), new RegExp(PLAN.edits.map(({ path }) => path).join("[\\s\\S]*")));
    assert.match(lines.at(-1) ?? "", /^refused +1: \/boot$/);
    assert.ok(lines.length < formatReport(INSPECTED).split("\n").length / 3);
    assert.equal(formatSummary({ ...INSPECTED, facts: undefined, plan: undefined, warnings: [] }), "");
  });

  it("has no line of prose over 100 columns", () => {
    const long = "word ".repeat(60).trim();
    const advice = { subject: "/etc/rc.local", found: long, advice: long };
    const report: StepReport = {
      ...PARTITIONED,
      summary: long,
      warnings: [advice],
      plan: {
        ...PARTITIONED.plan!,
        refusals: [advice],
        verdicts: [{ family: "xen", boots: true, why: long }],
        edits: [{ path: "/etc/fstab", action: "edit", why: [long], diff: [] }],
      },
      checks: [{ name: "menu", ok: true, seen: long }],
    };
    const tooLong = formatReport(report)
      .split("\n")
      .filter((line) => line.length > 100);
    assert.deepEqual(tooLong, []);
  });

  it("shows the beginning of a line of the guest's that no page has room for", () => {
    const diff = ["--- a", "+++ b", "@@ -1 +1 @@", `-${"x".repeat(20_000)}`, "+y"];
    const edits = [{ path: "/boot/grub/menu.lst", action: "edit" as const, why: ["why"], diff }];
    const text = formatReport({ ...INSPECTED, plan: { ...PLAN, edits } });
    assert.match(text, /\n {4}-x{800,1000} … \(20001 characters in all\)\n {4}\+y\n/);
  });

  it("of all steps says that things were done, and by which command", () => {
    const text = formatReport(
      {
        ...{ ...INSPECTED, step: "verify", outcome: "CHANGED", summary: "converted", edits: PLAN.edits },
        copied: { bytesRead: 2 ** 29, bytesWritten: 2 ** 29, megabytesPerSecond: 99.6, sha256: "ab12" },
      },
      "convert",
    );
    assert.match(text, /^pv-to-hvm convert: converted\n/);
    assert.match(text, /initrd\.img-3\.13\.0-48-generic: rebuilt by update-initramfs, for nvme\n/);
    assert.match(text, /\nChanged\n {2}\/etc\/fstab \(edit\)/);
    assert.match(text, /\nCopied\n {2}read {9}512 MiB, 100 MB\/s\n/);
    assert.doesNotMatch(text, /to be rebuilt|to be changed/i);
  });

  it("has each reason of a refusal once, with what to do below it", () => {
    const text = formatReport(
      withRefusals([
        { subject: "destination", found: "has 1 GiB.", advice: "Make it 2 GiB." },
        { subject: "kernel 3", found: "has no ena driver.", advice: "Leave nitro out." },
      ]),
    );
    assert.match(text, /^pv-to-hvm inspect: 2 reasons, nothing was written\n\nFound/);
    assert.match(
      text,
      /\nRefused, because\n {2}destination: has 1 GiB\.\n {4}Make it 2 GiB\.\n {2}kernel 3: has no ena driver\.\n {4}Leave nitro out\.\n$/,
    );
  });

  const [KERNEL] = FACTS.guest.kernels;
  const OLD = { ...KERNEL, version: "2.6.32", path: "/boot/vmlinuz-2.6.32" };
  const WITH_ENA = { ...KERNEL, availableDrivers: ["ena"] };
  const ENA: [string, typeof FACTS.guest.kernels, RegExp][] = [
    ["every kernel has it", [WITH_ENA], /ENA {10}every kernel that can boot has the driver/],
    ["none has it", [KERNEL], /ENA {10}the kernel that boots has no driver .* 3\.13\.0-48-generic/s],
    ["another kernel lacks it", [WITH_ENA, OLD], /the kernel that boots has the driver, .* 2\.6\.32/s],
    ["a kernel that is PV only lacks it", [WITH_ENA, { ...OLD, bootsHvm: false }], /every kernel that can/],
  ];
  for (const [what, kernels, expected] of ENA) {
    it(`says what is lacking for Nitro's network card: ${what}`, () => {
      const facts = { ...FACTS, guest: { ...FACTS.guest, kernels } };
      assert.match(formatReport({ ...INSPECTED, facts }), expected);
    });
  }

  it("shows how far a boot came, and the console of one that failed", () => {
    const text = formatReport({
      ...{ format: 1, step: "rehearse", outcome: "FAILED", seconds: 600, fingerprint: "", warnings: [] },
      summary: "did not boot",
      rehearsal: {
        ...{ booted: false, accelerator: "tcg", diskBus: "nvme", networkCard: "e1000" },
        rungs: [{ name: "grub", second: 2, evidence: "GRUB: booting" }, { name: "kernel" }],
        consoleTail: ["Kernel panic"],
      },
    });
    assert.match(text, /did not boot \(tcg, disk nvme, network card e1000\)/);
    assert.match(text, /grub {9}2 s: GRUB: booting\n {2}kernel {7}not seen\n/);
    assert.match(text, /last lines of the console:\n {4}Kernel panic\n$/);
  });

  it("names each file that was restored, and where a later version of it lies", () => {
    const text = formatReport({
      ...{ format: 1, step: "restore", outcome: "CHANGED", seconds: 1, fingerprint: "", warnings: [] },
      summary: "2 files put back",
      restored: [
        { path: "/etc/fstab", action: "restored", keptAs: "/etc/fstab.pv-to-hvm-before-restore" },
        { path: "/etc/init/ttyS0.conf", action: "removed" },
      ],
    });
    assert.match(text, /restored {2}\/etc\/fstab \(what was there: \/etc\/fstab\.pv-to-hvm-before-restore\)/);
    assert.match(text, /removed {3}\/etc\/init\/ttyS0\.conf\n$/);
  });
});
