import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import { Family } from "../enums";

/** Whether the image is marked as able to use ENA. */
interface Ena {
  marked: boolean;
  /** That is what its families ask for. */
  usual: boolean;
}

/**
 * The image's ENA mark. Of a guest that is asked to run on Nitro, the inspection refuses one that boots a kernel without
 * ENA. Another kernel of its menu may lack it, and does not take the mark away: without it Nitro types would refuse the
 * image whichever kernel it boots.
 */
export function enaOf({ image, guest }: PvToHvmMigrationArgs): pulumi.Output<Ena> {
  return pulumi.all([image?.ena, guest?.families]).apply(([asked, families]) => {
    const nitro = families === undefined || families.includes(Family.Nitro);
    return { marked: asked ?? nitro, usual: asked === undefined || asked === nitro };
  });
}

/**
 * What tells an image with another mark from the usual one of the same conversion: a part of its name, and of what
 * replaces it. None for the usual one, so that saying what holds anyway changes nothing.
 */
export function unusualEna({ marked, usual }: Ena): string[] {
  return usual ? [] : [`image.ena=${marked}`];
}
