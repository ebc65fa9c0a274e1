import assert from "node:assert/strict";
import { foreignDisks } from "../../../local/commands/cloudForeignDisks";
import { newFixture, type Fixture } from "../cloud/fixture";

describe("npm run cloud -- foreign-disks", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = newFixture()));
  afterEach(() => fixture.remove());
  const say = (...words: string[]) => foreignDisks(fixture.cloud, words);

  it("refuses until it is told otherwise, and says which it is", async () => {
    assert.equal(await say(), "Disks in the folder s3 are refused.");
    assert.match(
      await say("allow"),
      /^Disks in the folder s3 are allowed\. A helper .* is root on this machine/,
    );
    assert.match(await say(), /allowed/);
    assert.match(await say("refuse"), /refused/);
  });

  it("takes no other word", () =>
    assert.rejects(say("alow"), /^Error: foreign-disks: takes allow or refuse, .* got "alow"\.$/));
});
