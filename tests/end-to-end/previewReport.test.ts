/** What the real engine prints for `pulumi preview --json` today, and the report of it. */
import assert from "node:assert/strict";
import { HELPER_IMAGE_ID, SAMPLE_IMAGE_ID } from "../../local/cloud/seed";
import type { Preview } from "../../cli/preview/preview";
import { readPreview } from "../../cli/preview/readPreview";
import { reportOf } from "../../previewReport/report";
import { COMMENT_LIMIT } from "../../previewReport/fit";
import { readRecording } from "../previewReport/fixtures";
import { RecordedStack } from "../previewReport/recordedStack";

const HELPER = { subnetId: "subnet-00000000000000001", allowedCidrs: ["198.18.0.0/15"] };
const WEB = { source: { imageId: SAMPLE_IMAGE_ID }, helper: HELPER, destination: { sizeGb: 4 } };

const operations = ({ steps }: Preview) => steps.map(({ op, type, name }) => `${op} ${type} ${name}`).sort();

describe("preview-report of the engine's own previews", function () {
  this.timeout(300_000);
  let stack: RecordedStack;
  before(async () => (stack = await RecordedStack.open("preview-report")));
  after(() => stack.remove());

  const preview = async (web: Record<string, unknown>) =>
    readPreview(await stack.preview({ web }, ["--show-sames"]), "the engine's output");

  it("tells a new migration, with its machines", async () => {
    const launch = { instanceType: "t3.micro", subnetId: "subnet-00000000000000001" };
    const made = await preview({ ...WEB, launch });
    const report = reportOf(made, COMMENT_LIMIT);
    assert.match(report, /^## Migrations of `prod`\n\n\*\*1 migration: 1 new\.\*\*/);
    assert.match(
      report,
      /\| `web` \| \*\*new\*\*: converts `ami-0+1` to an HVM image \| helper made, launched machine made \|/,
    );
    assert.deepEqual(made.unknownFields, []);
    // The recordings are made by hand: this says when the graph has become another.
    const recorded = readPreview(readRecording("new"), "the recording");
    const ofWeb = (all: string[]) => all.filter((line) => / web(-|$)/.test(line));
    assert.deepEqual(ofWeb(operations(made)), ofWeb(operations(recorded)));
  });

  it("tells a refused one, whose preview ends with an error", async () => {
    const report = reportOf(await preview({ ...WEB, source: { imageId: HELPER_IMAGE_ID } }), COMMENT_LIMIT);
    assert.match(
      report,
      /\*\*The preview failed\.\*\*.*source\.imageId: its virtualization type is hvm already/s,
    );
    assert.match(report, /^> web: one problem, nothing was created\.$/m);
    assert.doesNotMatch(report, /Not told/);
  });
});
