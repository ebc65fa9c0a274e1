import { Ec2Error } from "./errors";
import type { Settings } from "./settings";

/**
 * A disk that somebody has put below the cloud's folder `s3` is none that this project has made. A helper that converts it, or what
 * comes of it, is root on this machine where it is a container: so the user has to have said that this is meant.
 * @throws Ec2Error `Unsupported` where nobody has, and `InvalidManifest` for a name that leads out of that folder
 */
export async function requireAskedFor(imageLocation: string, settings: Settings): Promise<void> {
  if (imageLocation.split("/").includes("..")) {
    throw new Ec2Error(
      "InvalidManifest",
      `imageLocation ${imageLocation}: leads out of the local cloud's folder s3. Name a file in it.`,
    );
  }
  if ((await settings.read()).allowsForeignDisks) return;
  throw new Ec2Error(
    "Unsupported",
    `s3/${imageLocation} is a disk from elsewhere, and helpers of the local cloud may be containers, in which root is root on this machine. ` +
      "If you trust whoever made it, or this machine may be thrown away: npm run cloud -- foreign-disks allow, and launch again.",
  );
}
