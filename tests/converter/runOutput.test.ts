import assert from "node:assert/strict";
import { run } from "../../converter/run";

describe("a program without end", () => {
  it("is ended, and the error says how much it printed, not what", async () => {
    const words = ["yes", "x".repeat(4000)];
    await assert.rejects(
      run(words, { purpose: "printing" }),
      /^.*printing: yes x+ was ended by SIGKILL:\nIt printed more than 128 MiB\.$/,
    );
  });
});
