/** What no call of EC2's makes of an image of one's own: `npm run cloud -- product-codes`, `give-away`. */
import type { Cloud } from "../cloud/cloud";
import { ACCOUNT_ID } from "../cloud/account";

/** Nobody's here. */
const ANOTHER_ACCOUNT = "222222222222";

/** Gives an image the codes of AWS Marketplace, or takes them away. @throws Ec2Error if there is no such image. */
export async function setProductCodes(cloud: Cloud, [imageId = "", ...codes]: string[]): Promise<string> {
  const image = await cloud.images.describe(imageId);
  await cloud.images.adopt({ ...image, productCodes: codes.length > 0 ? codes : undefined });
  return `${imageId}: ${codes.length > 0 ? `product codes ${codes.join(", ")}` : "no product codes"}`;
}

/**
 * Makes an image another account's, which lets this one launch it and keeps its snapshots to itself: what sharing an image
 * does where nobody thinks of the snapshots. @throws Ec2Error if there is no such image.
 */
export async function giveAway(cloud: Cloud, [imageId = ""]: string[]): Promise<string> {
  const image = await cloud.images.describe(imageId);
  const owner = { ownerId: ANOTHER_ACCOUNT };
  for (const { ebs } of image.blockDeviceMappings) {
    if (ebs?.snapshotId === undefined) continue;
    const snapshot = await cloud.snapshots.describe(ebs.snapshotId);
    await cloud.snapshots.register({ ...snapshot, ...owner, isUnshared: true });
  }
  await cloud.images.adopt({ ...image, ...owner, launchPermissions: [ACCOUNT_ID] });
  return `${imageId}: owned by ${ANOTHER_ACCOUNT}, shared with ${ACCOUNT_ID} without its snapshots`;
}
