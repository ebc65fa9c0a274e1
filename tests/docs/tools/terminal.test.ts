import assert from "node:assert/strict";
import { RECORDING } from "../../../docs/tools/generated";
import { withRegion } from "../../../docs/tools/regions";
import { drawTerminal } from "../../../docs/tools/terminal/drawing";
import { reportDiff } from "../../../docs/tools/terminal/excerpt";
import { formatRecording, keep, type Line, parseRecording } from "../../../docs/tools/terminal/recording";
import { COLUMNS, shorten } from "../../../docs/tools/terminal/shorten";
import { read } from "../documents";

const run = parseRecording(read(RECORDING));
const lines = (...texts: string[]): Line[] => texts.map((text, seconds) => ({ seconds, text }));
const texts = (shown: Line[]) => shown.map(({ text }) => text);

describe("a recording", () => {
  it("begins with the preview, and leaves colours out", () => {
    const log = lines("npm packages", "\x1b[1mpulumi preview\x1b[0m", "Previewing  ");
    assert.deepEqual(keep(log), [
      { seconds: 0, text: "pulumi preview" },
      { seconds: 1, text: "Previewing" },
    ]);
  });

  it("is refused of a demo that had been migrated before", () => {
    assert.throws(() => keep(lines("pulumi up", "No changes")), /migrated before/);
  });

  it("is read as it was written", () => {
    const some = lines("pulumi preview", "", "\tindented\tby tabs");
    assert.deepEqual(parseRecording(formatRecording(some)), some);
  });

  it("is kept of a whole run, with nothing of the machine that it was made on", () => {
    assert.ok(run.some(({ text }) => /^Duration: /.test(text)));
    const telling = run.filter(({ text }) => /\/(home|root|work|tmp|Users)\//.test(text));
    assert.deepEqual(telling, []);
  });
});

describe("what is drawn of a run", () => {
  const STEP = " +  command:remote:Command sample-copy created (1s) CHANGED: 361 MiB copied";

  it("has marks where lines were left out, and none for progress", () => {
    const shown = shorten(
      lines("pulumi up", "@ updating....", STEP, "Outputs:", "    sample: {", "Duration: 1s"),
    );
    assert.deepEqual(texts(shown), [
      "$ npm run demo",
      "pulumi up",
      " +  … sample-copy created (1s) CHANGED: 361 MiB copied",
      " ⋮",
      "Duration: 1s",
    ]);
  });

  it("has a mark at the end of a line that is cut", () => {
    const [, long] = texts(shorten(lines(`${STEP} ${"and more ".repeat(20)}`)));
    assert.equal(long.length, COLUMNS);
    assert.match(long, /…$/);
  });

  it("has, of the recorded run, every step on the helper and the boot proof", () => {
    const shown = texts(shorten(run)).join("\n");
    for (const step of ["inspect", "partition", "copy", "configure", "install-grub", "verify", "rehearse"]) {
      assert.match(shown, new RegExp(`sample-${step} created .*(CHANGED|NOCHANGE): `), step);
    }
    assert.match(shown, /virtualization +hvm/);
  });

  it("is text and no markup, whatever the run printed", () => {
    const svg = drawTerminal(lines('pulumi up <&> "quoted"'));
    assert.ok(svg.includes("pulumi up &lt;&amp;&gt; &quot;quoted&quot;"));
  });
});

describe("the report's diff", () => {
  it("is of the boot menu and of fstab, each line as the run has it or cut at a mark", () => {
    const [fence, ...rest] = reportDiff(run).split("\n");
    const printed = run.map(({ text }) => text.replace(/^ {4}/, ""));
    assert.equal(fence, "```diff");
    for (const line of rest.slice(0, -1)) {
      assert.ok(
        printed.some((text) => text === line || (line.endsWith("…") && text.startsWith(line.slice(0, -1)))),
        line,
      );
    }
    assert.ok(rest.includes("--- a/boot/grub/menu.lst") && rest.includes("+++ b/etc/fstab"));
  });

  it("is not made of a run that changed neither", () => {
    assert.throws(() => reportDiff(lines("pulumi preview")), /changes no \/boot\/grub\/menu\.lst/);
  });
});

describe("a made region of a page", () => {
  const PAGE = "before\n\n<!-- made: x -->\n\nold\n\n<!-- /made -->\n\nafter\n";

  it("gets new content, and the page around it stays", () => {
    assert.equal(withRegion(PAGE, "x", "new"), PAGE.replace("old", "new"));
  });

  it("is the same when it is made twice", () => {
    assert.equal(withRegion(withRegion(PAGE, "x", "new"), "x", "new"), withRegion(PAGE, "x", "new"));
  });

  it("has to be there", () => assert.throws(() => withRegion(PAGE, "y", "new"), /not in the page/));
});
