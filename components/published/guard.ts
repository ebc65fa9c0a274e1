import * as pulumi from "@pulumi/pulumi";
import { isLost } from "../known";
import type { Migration } from "../together/migration";
import { visibleError } from "../checks/problems";
import { lookUpPublished } from "./publishedImage";

/**
 * Keeps a published image when the update goes on after errors (`--continue-on-error`). The engine then takes a program
 * that ends well for one that has made all it asks for, and on the next run deletes what was to be replaced, image and
 * snapshot included, although their replacement failed again. It deletes nothing where the program itself ends with an
 * error: rejects where one of the values will never come, and there is an image to lose, or nobody can say.
 */
export function keepPublished(
  migration: Migration,
  values: (pulumi.Input<unknown> | undefined)[],
): pulumi.Output<void> {
  return migration.formerNames.apply(async (names) => {
    if (!(await isLost(pulumi.all(values)))) return;
    const { image, problems } = await lookUpPublished(migration, names);
    if (image || problems.length > 0) throw visibleError(explanation(migration.name, image?.imageId));
  });
}

function explanation(name: string, imageId = "the image"): string {
  return (
    `${name}: something that the new image hangs on did not succeed, or was left out (--continue-on-error, --target, ` +
    `--exclude). This update is ended here: the engine would otherwise delete ${imageId} that was published before. ` +
    "Nothing of it is lost. Run it without --continue-on-error; what was left out waits for the next whole pulumi up."
  );
}
