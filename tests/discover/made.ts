/** Records for tests that need no server. */
import type { Fleet, FoundImage } from "../../discover/types";

/** What a guest or a tag may say to a page. */
export const HOSTILE = `"><img src=x onerror="window.hostile=1"><script>alert(1)</script>'`;

export function imageOf(number: number, more: Partial<FoundImage> = {}): FoundImage {
  const digits = number.toString(16).padStart(17, "0");
  return {
    ...{ imageId: `ami-${digits}`, state: "available", ownerId: "123456789012", isOwn: true },
    ...{ architecture: "x86_64", createdAt: "2012-03-04T05:06:07.000Z", kernelId: "aki-919dcaf8" },
    root: {
      kind: "ebs",
      deviceName: "/dev/sda1",
      snapshotId: `snap-${digits}`,
      encrypted: false,
      sizeGb: 20,
    },
    ...{ otherMappings: [], productCodes: [], isPublic: false, sharedWith: [], tags: {}, referrers: [] },
    ...{ conversions: [], stage: "found", inspection: { verdict: "not inspected" } },
    ...more,
  };
}

export function fleetOf(images: FoundImage[], more: Partial<Fleet> = {}): Fleet {
  const place = { accountId: "123456789012", region: "us-east-1", images, instances: [], notes: [] };
  return {
    format: 1,
    version: "0.1.0",
    at: "2026-11-30T17:00:00.000Z",
    places: [place],
    unasked: [],
    ...more,
  };
}
