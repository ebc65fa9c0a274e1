import type { GetAmiResult } from "@pulumi/aws/ec2/getAmi";
import type { GetInstanceTypeResult } from "@pulumi/aws/ec2/getInstanceType";
import { Architecture, Family } from "../enums";
import type { Problem } from "./problems";

/** What `DescribeImages` says of an image that matters here. */
export type ImageFacts = Pick<
  GetAmiResult,
  | "architecture"
  | "kernelId"
  | "platform"
  | "platformDetails"
  | "productCodes"
  | "rootDeviceName"
  | "rootDeviceType"
  | "rootSnapshotId"
  | "usageOperation"
  | "virtualizationType"
>;

/** What `DescribeInstanceTypes` says of a type that matters here. */
export type TypeFacts = Pick<
  GetInstanceTypeResult,
  | "bootModes"
  | "ebsNvmeSupport"
  | "enaSupport"
  | "hypervisor"
  | "supportedArchitectures"
  | "supportedCpuFeatures"
  | "supportedVirtualizationTypes"
>;

/** What the new image will be, as far as a launch type cares. */
export interface ImageToBe {
  /** Absent where only the inspection can tell. */
  architecture?: string;
  ena: boolean;
  families: Family[];
}

/** Whether an image can be migrated at all. */
export function checkSourceImage(image: ImageFacts): Problem[] {
  const path = "source.imageId";
  const problems: Problem[] = [];
  if (image.platform === "windows" || /windows/i.test(image.platformDetails ?? "")) {
    problems.push({ path, reason: "is a Windows image", fix: "Only Linux images can be migrated." });
  }
  if (image.virtualizationType !== "paravirtual") {
    const reason = `its virtualization type is ${image.virtualizationType} already`;
    problems.push({ path, reason, fix: "There is nothing to migrate: launch it as it is." });
  } else if (!image.kernelId) {
    const reason = "is paravirtual but names no kernel id (PV-GRUB), so nothing says how it boots";
    problems.push({
      path,
      reason,
      fix: "Register it with its PV-GRUB kernel id first, or give its root snapshotId.",
    });
  }
  if (image.rootDeviceType && image.rootDeviceType !== "ebs") {
    const fix =
      "Launch it, copy its root filesystem to an EBS volume, and give a snapshot of that as snapshotId.";
    problems.push({ path, reason: `its root device is ${image.rootDeviceType}: it has no snapshot`, fix });
  }
  return [...problems, ...checkLicences(image)];
}

function checkLicences(image: ImageFacts): Problem[] {
  const codes = (image.productCodes ?? []).map((code) => code.productCodeId);
  const details = image.platformDetails || "Linux/UNIX";
  const operation = image.usageOperation || "RunInstances";
  if (codes.length === 0 && details === "Linux/UNIX" && operation === "RunInstances") return [];
  const found = [
    `platform ${details}`,
    `usage operation ${operation}`,
    ...codes.map((code) => `product code ${code}`),
  ];
  const isPlain = details === "Linux/UNIX" && operation === "RunInstances";
  const path = "source.imageId";
  return isPlain ? [codedVolume(path, codes.every(isFreeCode), codes)] : [lostLicence(path, found)];
}

/**
 * Product codes of AWS Marketplace that cost nothing, as the distributions name them (https://wiki.centos.org/Cloud/AWS,
 * https://wiki.debian.org/Cloud/AmazonEC2Image).
 */
const FREE_CODES: { [code: string]: string } = {
  "6x5jmcajty9edm3f211pqjfn2": "CentOS 6",
  aw0evgkw8e5c1q413zgy5pjce: "CentOS 7",
  "3f8t6t8fp5m9xx18yzwriozxi": "Debian 8",
  "55q52qvgjfpdj2fpfy9mb1lo4": "Debian 9",
};

/** As values of EC2's filter `product-code`. */
export const FREE_CODE_NAMES = Object.keys(FREE_CODES);

const isFreeCode = (code: string) => Object.hasOwn(FREE_CODES, code);

/**
 * What to do about a source with product codes of AWS Marketplace. A volume that is made of it carries them as well, and EC2
 * attaches such a volume to a stopped instance alone, of an account that is subscribed to the product: no helper that runs can
 * read it, whether the product costs anything or not
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachVolume.html).
 */
export function codedVolume(path: string, isFree: boolean, codes: string[] = []): Problem {
  const named = codes.map((code) => (isFreeCode(code) ? `${code}, ${FREE_CODES[code]}` : code));
  const which = named.length > 0 ? ` (${named.join("; ")})` : "";
  const reason = `carries a product code of AWS Marketplace${which}, and EC2 attaches a volume with one to no helper that runs`;
  const licence = isFree
    ? "No licence is lost by it"
    : "The new image would not carry its licence: ask the seller first";
  const fix = `Copy its root onto a volume without the code, and give that: docs/sources.md has the commands. ${licence}.`;
  return { path, reason, fix };
}

/** RegisterImage takes billing from the snapshot's lineage, and a blank destination volume has none. */
export function lostLicence(path: string, found: string[]): Problem {
  const reason = `carries a licence that the new image would lose (${found.join(", ")})`;
  return { path, reason, fix: "Ask the licence's owner for an HVM image, or migrate the data into one." };
}

/**
 * Whether the destination holds the source and, beside it, what the converter adds: 1 MiB for boot loader and table, less
 * than 1 MiB a partition to begin each at a whole one, and 64 MiB of EFI system partition in a `gpt`. Less than the next GiB
 * in all. Sizes in GiB.
 */
export function checkDestinationSize(sizeGb: number | undefined, sourceSizeGb: number): Problem[] {
  if (sizeGb === undefined || sizeGb > sourceSizeGb) return [];
  const reason = `is ${sizeGb} GiB, the source has ${sourceSizeGb} GiB, and boot loader and partition table need room besides`;
  const least = sourceSizeGb + 1;
  return [
    { path: "destination.sizeGb", reason, fix: `Raise it to ${least} or more, or remove it for ${least}.` },
  ];
}

/** Whether a type can be the helper's. */
export function checkHelperType(instanceType: string, type: TypeFacts): Problem[] {
  const path = "helper.instanceType";
  if (!type.supportedArchitectures.includes("x86_64")) {
    const reason = `${instanceType} is ${type.supportedArchitectures.join(", ")}, the helper runs x86_64 programs`;
    return [{ path, reason, fix: "Choose an x86_64 type, e.g. m8i-flex.large." }];
  }
  if (type.ebsNvmeSupport === "unsupported") {
    const reason = `${instanceType} is no Nitro type: its volumes carry no serial number to be told apart by`;
    return [{ path, reason, fix: "Choose a Nitro type, e.g. m8i-flex.large." }];
  }
  return [];
}

/** What an image says that matters for a helper of it. */
export interface HelperImageFacts extends Pick<ImageFacts, "architecture" | "virtualizationType"> {
  /** The names that it maps disks to. */
  deviceNames: string[];
}

/** The names that source and destination volume are attached by. */
export const HELPER_DEVICES = { source: "/dev/sdf", destination: "/dev/sdg" } as const;

/** Whether an image can be the helper's. */
export function checkHelperImage(image: HelperImageFacts): Problem[] {
  const path = "helper.imageId";
  if (image.architecture !== "x86_64" || image.virtualizationType !== "hvm") {
    const reason = `is ${image.architecture} and ${image.virtualizationType}, the helper's must be x86_64 and hvm`;
    return [{ path, reason, fix: "Remove it for Debian's current image." }];
  }
  // /dev/xvdf is the same place by another name.
  const names = image.deviceNames.map((name) => name.replace("/dev/xvd", "/dev/sd"));
  const taken = Object.values(HELPER_DEVICES).filter((name) => names.includes(name));
  if (taken.length === 0) return [];
  const reason = `maps a disk of its own to ${taken.join(" and ")}, where the volumes of the migration are attached`;
  return [
    { path, reason, fix: "Register the image without that disk, or remove it for Debian's current image." },
  ];
}

/** Whether a type can run the new image. */
export function checkLaunchType(instanceType: string, type: TypeFacts, image: ImageToBe): Problem[] {
  const path = "launch.instanceType";
  if (!type.supportedVirtualizationTypes.includes("hvm")) {
    return [
      {
        path,
        reason: `${instanceType} runs paravirtual images only`,
        fix: "Choose an HVM type, e.g. t3.micro.",
      },
    ];
  }
  return [
    ...checkLaunchArchitecture(instanceType, type, image),
    ...checkLaunchFamily(instanceType, type, image),
    ...checkLaunchBootMode(instanceType, type),
  ];
}

function checkLaunchArchitecture(instanceType: string, type: TypeFacts, image: ImageToBe): Problem[] {
  if (!image.architecture || type.supportedArchitectures.includes(image.architecture)) return [];
  const reason = `${instanceType} is ${type.supportedArchitectures.join(", ")}, the image is ${image.architecture}`;
  const fix =
    image.architecture === Architecture.I386
      ? "Choose one of the few types that run 32-bit HVM images, e.g. t2.micro."
      : "Choose a type of the image's architecture, e.g. t3.micro.";
  return [{ path: "launch.instanceType", reason, fix }];
}

function checkLaunchFamily(instanceType: string, type: TypeFacts, image: ImageToBe): Problem[] {
  const family = type.hypervisor === "xen" ? Family.Xen : Family.Nitro;
  const problems: Problem[] = [];
  if (!image.families.includes(family)) {
    const reason = `${instanceType} is a ${family} type, guest.families asks for ${image.families.join(", ")} only`;
    problems.push({
      path: "launch.instanceType",
      reason,
      fix: `Add ${family} to guest.families, or choose another type.`,
    });
  }
  if (type.enaSupport === "required" && !image.ena) {
    const reason = `is false, and ${instanceType} starts no image without ENA`;
    problems.push({
      path: "image.ena",
      reason,
      fix: "Set it to true, or choose a type that does not require ENA, e.g. t2.micro.",
    });
  }
  return problems;
}

function checkLaunchBootMode(instanceType: string, type: TypeFacts): Problem[] {
  if (!type.bootModes?.length || type.bootModes.includes("legacy-bios")) return [];
  const reason = `${instanceType} boots by ${type.bootModes.join(", ")} only, the image by legacy-bios`;
  return [
    {
      path: "launch.instanceType",
      reason,
      fix: "Choose a type that boots legacy BIOS images, e.g. t3.micro.",
    },
  ];
}
