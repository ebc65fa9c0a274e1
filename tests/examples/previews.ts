/** What is asked of every language's programs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { HELPER_IMAGE_ID } from "../../local/cloud/seed";
import { atRestBefore, declaredIn } from "./plan";
import { AUTOSCALING_GROUP, consumerOf, FLEET, LAUNCH_TEMPLATE, type Program, PUBLISHER } from "./programs";
import { assertGolden } from "../components/golden";
import type { Language, Stage } from "./stage";

interface Players {
  stage: Stage;
  language: Language;
}

/** The tests of a language's programs, on the stage that is open by then. */
export function itPlansWhatEveryLanguagePlans(players: () => Players): void {
  for (const program of [AUTOSCALING_GROUP, LAUNCH_TEMPLATE, FLEET, PUBLISHER]) {
    it(`plans the ${program.name} that every language plans`, async () => {
      const { stage, language } = players();
      const plan = await stage.preview(program, language);
      assertPlanned(program, declaredIn(plan));
      for (const { name } of plan.resources.filter(({ type }) => type.endsWith(":PvToHvmMigration"))) {
        const image = plan.resources.find((each) => each.name === `${name}-image`);
        assert.equal(image?.migration, name, `the migration ${name} plans no image`);
      }
    });
  }

  it("lets each machine of the fleet wait for the helper of the one two places before it", async () => {
    const { stage, language } = players();
    const plan = await stage.preview(FLEET, language);
    assert.ok(atRestBefore(plan, "web-3").includes("web-1"));
    assert.ok(atRestBefore(plan, "database").includes("web-2"));
  });

  it("lets no machine of the fleet wait where helpersAtOnce is 0", async () => {
    const { stage, language } = players();
    const plan = await stage.preview(FLEET, language, { ...FLEET.config, helpersAtOnce: 0 });
    for (const name of ["web-1", "web-2", "web-3", "database"]) {
      assert.deepEqual(atRestBefore(plan, name), [], name);
    }
  });

  it("runs the image that the other stack has published", async () => {
    const { stage, language } = players();
    await stage.publish(PUBLISHER.name, "published", { imageId: HELPER_IMAGE_ID });
    const consumer = consumerOf("published");
    assertPlanned(consumer, declaredIn(await stage.preview(consumer, language)));
  });
}

/** In Go such an output is unknown to a preview: there the update is what fails. */
export function itRefusesWhatIsNotPublished(players: () => Players): void {
  it("refuses to run an image that the other stack has not published yet", async () => {
    const { stage, language } = players();
    await stage.publish(PUBLISHER.name, "unpublished", {});
    await assert.rejects(stage.preview(consumerOf("unpublished"), language), /imageId/);
  });
}

/** The same file for every language: `UPDATE_GOLDEN=1` writes it anew. */
export function assertPlanned({ name }: Program, declared: unknown): void {
  assertGolden(
    join("..", "..", "examples", "fixtures", `${name}.json`),
    `${JSON.stringify(declared, null, 2)}\n`,
  );
}
