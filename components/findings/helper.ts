import type * as pulumi from "@pulumi/pulumi";
import { checkHelperImage, checkHelperType } from "../checks/checks";
import type { Problem } from "../checks/problems";
import type { Note } from "../together/candidate";
import type { ResolvedArgs } from "./findings";
import { type Mapped, mappingsOf, rootMapping } from "./imageMappings";
import { type Answer, lookUpDebian, lookUpImage, lookUpSubnet, lookUpType } from "../lookups/lookups";
import {
  checkOffered,
  firstOffered,
  HELPER_TYPES,
  lookUpOfferings,
  type Offering,
} from "../lookups/offerings";
import { checkHelperSubnet, type SubnetFacts } from "../lookups/subnets";

/** Where and of what the helper is made. */
export interface FoundHelper {
  imageId: string;
  instanceType: string;
  vpcId: string;
  availabilityZone: string;
  /** The type has nested virtualization: switched on, it gives rehearsals KVM. */
  nestedVirtualization: boolean;
  /** GiB of its root volume. */
  rootSizeGb: number;
}

/**
 * GiB for Debian, the converter's packages (about 1 GiB), and what a rehearsal writes to its overlay. An image of the user's own
 * that is larger keeps its size; one that is smaller is grown by cloud-init.
 */
export const ROOT_SIZE_GB = 20;

const TYPE = "helper.instanceType";
const SUBNET = "helper.subnetId";

/** Looks the helper's subnet, type and image up, and judges them. */
export async function findHelper(args: ResolvedArgs, parent: pulumi.Resource): Promise<Answer<FoundHelper>> {
  const { subnetId, instanceType: named, imageId } = args.helper;
  const [subnet, offerings, image] = await Promise.all([
    lookUpSubnet(SUBNET, subnetId, parent),
    lookUpOfferings(TYPE, named === undefined ? HELPER_TYPES : [named], parent),
    imageId === undefined ? lookUpDebian(parent) : lookUpImage("helper.imageId", imageId, parent),
  ]);
  const chosen = chooseType(named, subnet.value, offerings);
  const type = chosen.value === undefined ? undefined : await lookUpType(TYPE, chosen.value, parent);
  const judged = [
    ...(subnet.value ? checkHelperSubnet(SUBNET, subnet.value) : []),
    ...(type?.value ? checkHelperType(chosen.value!, type.value) : []),
    ...(image.value ? checkHelperImage({ ...image.value, deviceNames: namesOf(image.value) }) : []),
  ];
  const problems = [
    ...[subnet, chosen, image, ...(type ? [type] : [])].flatMap((each): Problem[] => each.problems),
    ...judged,
  ];
  if (!subnet.value || !type?.value || !image.value || problems.length > 0) return { problems };
  const { vpcId, availabilityZone } = subnet.value;
  const nestedVirtualization = (type.value.supportedCpuFeatures ?? []).includes("nested-virtualization");
  const { imageId: ami } = image.value;
  const rootSizeGb = Math.max(ROOT_SIZE_GB, rootMapping(image.value)?.sizeGb ?? 0);
  const instanceType = chosen.value!;
  return {
    value: { imageId: ami, instanceType, vpcId, availabilityZone, nestedVirtualization, rootSizeGb },
    problems: [],
  };
}

function namesOf(image: Mapped): string[] {
  return mappingsOf(image).map(({ deviceName }) => deviceName);
}

/** The type that was named, with what is wrong with it there; else the first of the helper's own that the subnet's zone has. */
function chooseType(
  named: string | undefined,
  subnet: SubnetFacts | undefined,
  offerings: Answer<Offering[]>,
): { value?: string; problems: Problem[] } {
  if (!offerings.value || !subnet) return { value: named, problems: offerings.problems };
  const place = { path: SUBNET, subnetId: subnet.id, zone: subnet.availabilityZone };
  if (named === undefined) return firstOffered(TYPE, place, offerings.value);
  const otherwise = "Or remove helper.instanceType for a type that the zone has.";
  return { value: named, problems: checkOffered(TYPE, named, place, offerings.value, otherwise) };
}

/** Worth saying before a helper is made that rehearses without KVM. */
export function noteOnEmulation({ instanceType, nestedVirtualization }: FoundHelper): Note[] {
  if (nestedVirtualization) return [];
  const text =
    `The helper is a ${instanceType}, which has no nested virtualization: the rehearsal is emulated, without KVM, and takes ` +
    "minutes in place of seconds.";
  return [{ level: "info", text }];
}
