import type * as pulumi from "@pulumi/pulumi";
import { checkHelperImage, checkHelperType } from "../checks/checks";
import type { ResolvedArgs } from "./findings";
import { type Answer, lookUpDebian, lookUpImage, lookUpSubnet, lookUpType } from "./lookups";

/** Where and of what the helper is made. */
export interface FoundHelper {
  imageId: string;
  instanceType: string;
  vpcId: string;
  availabilityZone: string;
  /** The type has nested virtualization: switched on, it gives rehearsals KVM. */
  nestedVirtualization: boolean;
}

/** Looks the helper's subnet, type and image up, and judges them. */
export async function findHelper(args: ResolvedArgs, parent: pulumi.Resource): Promise<Answer<FoundHelper>> {
  const { subnetId, instanceType, imageId } = args.helper;
  const [subnet, type, image] = await Promise.all([
    lookUpSubnet("helper.subnetId", subnetId, parent),
    lookUpType("helper.instanceType", instanceType, parent),
    imageId === undefined ? lookUpDebian(parent) : lookUpImage("helper.imageId", imageId, parent),
  ]);
  const judged = [
    ...(type.value ? checkHelperType(instanceType, type.value) : []),
    ...(image.value ? checkHelperImage(image.value) : []),
  ];
  if (!subnet.value || !type.value || !image.value || judged.length > 0) {
    return { problems: [...subnet.problems, ...type.problems, ...image.problems, ...judged] };
  }
  const { vpcId, availabilityZone } = subnet.value;
  const nestedVirtualization = (type.value.supportedCpuFeatures ?? []).includes("nested-virtualization");
  return {
    value: { imageId: image.value.imageId, instanceType, vpcId, availabilityZone, nestedVirtualization },
    problems: [],
  };
}
