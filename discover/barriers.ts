/** What EC2 itself says against an image, before a block of it is read. Pure. */
import type { Image } from "@aws-sdk/client-ec2";
import { checkSourceImage } from "../components/checks/checks";
import type { Problem } from "../components/checks/problems";
import { checkSnapshotState } from "../components/checks/snapshotChecks";
import type { Advice } from "../converter/types";
import type { Inspection, Root } from "./types";

/** Undefined, if nothing does. The component refuses the same, in the same words. */
export function barriersOf(image: Image, root: Root): Inspection | undefined {
  const { ImageId: subject = "" } = image;
  if (root.kind === "instance-store")
    return { verdict: "not readable", reasons: [{ subject, ...INSTANCE_STORE }] };
  if (root.kind === "unknown") return { verdict: "not readable", reasons: [{ subject, ...NO_ROOT }] };
  const refused = checkSourceImage(factsOf(image, root.snapshotId));
  if (refused.length > 0)
    return { verdict: "refused", reasons: refused.map((each) => adviceOf(subject, each)) };
  const { snapshotId: id, snapshotState: state, tier: storageTier } = root;
  const unreadable = checkSnapshotState("source.imageId", { id, state, storageTier });
  if (unreadable.length === 0) return undefined;
  return { verdict: "not readable", reasons: unreadable.map((each) => adviceOf(id, each)) };
}

const INSTANCE_STORE = {
  found: "its root is on an instance store, and so it has no snapshot.",
  advice: "Copy the root to a volume first: docs/sources.md, a root on an instance store.",
};

const NO_ROOT = {
  found: "EC2 names no snapshot for its root device.",
  advice:
    "Find the snapshot of its root by hand (aws ec2 describe-images), and inspect that: npx pv-to-hvm inspect snap-…",
};

function adviceOf(subject: string, { reason, fix }: Problem): Advice {
  return { subject, found: `${reason}.`, advice: fix };
}

/** As the component asks for them. */
function factsOf(image: Image, rootSnapshotId: string): Parameters<typeof checkSourceImage>[0] {
  return {
    architecture: image.Architecture ?? "",
    // EC2 has one of every paravirtual image. A stand-in that tells none does not keep its snapshot from being inspected.
    kernelId: image.KernelId || "aki-untold",
    platform: image.Platform ?? "",
    platformDetails: image.PlatformDetails ?? "",
    productCodes: (image.ProductCodes ?? []).map((code) => ({
      productCodeId: code.ProductCodeId ?? "",
      productCodeType: code.ProductCodeType ?? "",
    })),
    rootDeviceName: image.RootDeviceName ?? "",
    // The other kind was told before.
    rootDeviceType: "ebs",
    rootSnapshotId,
    usageOperation: image.UsageOperation ?? "",
    virtualizationType: image.VirtualizationType ?? "",
  };
}
