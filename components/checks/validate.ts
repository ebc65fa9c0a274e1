import { existsSync } from "node:fs";
import type { PvToHvmMigrationArgs } from "../args";
import { cidrProblem, FIND_OWN_ADDRESS } from "./cidr";
import { Family, Layout, MetadataTokens, OnNewImage, Until, VolumeType, Workbench } from "../enums";
import { bundlePath, liveProgramPath } from "../converterBundle";
import { checkEnum, checkFlag, checkId, checkLogin } from "./fieldChecks";
import { isKnown } from "../known";
import type { Problem } from "./problems";
import { checkSource } from "./sourceChecks";
import { checkArguments, isUnknownKey } from "./shapeChecks";
import { checkTags } from "./tagChecks";
import { checkWayOut, type WayOut } from "./wayOut";

/** An image's name ends in a hyphen and eight characters of a digest. */
export const NAME_SUFFIX_LENGTH = 9;
/** RegisterImage: 3 to 128 characters. */
const MAXIMUM_NAME_LENGTH = 128;
/** RegisterImage. It would be found out only when everything else is done. */
const MAXIMUM_DESCRIPTION_LENGTH = 255;
// RegisterImage: letters, digits, parentheses, square brackets, spaces, and . / - ' @ _
const NAME_CHARACTERS = /^[A-Za-z0-9()[\] ./\-'@_]+$/;

/**
 * Everything that is wrong with what a program gives as arguments, which may be anything where nothing checks types. What
 * arguments of a wrong kind mean is not asked.
 */
export function checkEverything(name: string, args: PvToHvmMigrationArgs): Problem[] {
  const problems = checkArguments(args);
  if (!problems.every(isUnknownKey)) return problems;
  return [...problems, ...checkArgs(name, args), ...checkBuilt(args)];
}

/** Both are made by the package's own build. */
function checkBuilt({ source }: PvToHvmMigrationArgs): Problem[] {
  const needed = [
    ["converter", bundlePath()],
    ...(source?.connection ? [["source.connection", liveProgramPath()]] : []),
  ];
  return needed
    .filter(([, file]) => !existsSync(file))
    .map(([path, file]) => ({ path, reason: `${file} does not exist`, fix: "Build it: npm run build." }));
}

/**
 * Everything that is wrong with the arguments by themselves, without asking EC2. Values that are not resolved yet are
 * passed over: the look-ups judge most of them again when they are; tags are left to EC2.
 */
export function checkArgs(name: string, args: PvToHvmMigrationArgs): Problem[] {
  return [
    ...checkName(name),
    ...checkSource(args),
    ...checkHelper(args),
    ...checkDestination(args),
    ...checkFamilies(args),
    ...checkImageName(name, args),
    ...checkImageDescription(args),
    ...checkLaunch(args),
    ...checkEna(args),
    ...checkRehearsal(args),
    ...checkTimeouts(args),
    ...checkFlag("protect", args.protect),
    ...checkFlag("keepImage", args.keepImage),
    ...checkFlag("secretReports", args.secretReports),
    ...checkTags(args),
    ...checkEnums(args),
  ];
}

/** CreateSecurityGroup: 255 characters, of which the program adds `-access-` and seven of its own. */
const MAXIMUM_GROUP_NAME_LENGTH = 255;
const GROUP_SUFFIX_LENGTH = "-access-1234567".length;
// CreateSecurityGroup: letters, digits, spaces, and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *
const GROUP_CHARACTERS = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/;

/** The helper's security group is named after the migration. EC2 would refuse it when keys have been made already. */
function checkName(name: string): Problem[] {
  const path = "name";
  const longest = MAXIMUM_GROUP_NAME_LENGTH - GROUP_SUFFIX_LENGTH;
  if (/^sg-/i.test(name)) {
    const reason = `${name} begins with sg-, and the helper's security group, which is named after it, may not`;
    return [{ path, reason, fix: "Give the migration another name; image.name names the image." }];
  }
  if (name.length > longest) {
    const reason = `has ${name.length} characters, ${longest} fit: the helper's security group is named after it`;
    return [{ path, reason, fix: `Shorten it by ${name.length - longest}; image.name names the image.` }];
  }
  if (name !== "" && GROUP_CHARACTERS.test(name)) return [];
  const reason = `has characters that EC2 refuses in the name of the helper's security group: ${refusedBy(GROUP_CHARACTERS, name)}`;
  const fix = "Use letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ * only.";
  return [{ path, reason: name === "" ? "is empty" : reason, fix }];
}

function refusedBy(characters: RegExp, text: string): string {
  return [...new Set([...text].filter((character) => !characters.test(character)))].join(" ");
}

function checkHelper({ helper }: PvToHvmMigrationArgs): Problem[] {
  if (!helper) {
    return [{ path: "helper", reason: "is missing", fix: "Give it a subnetId and allowedCidrs." }];
  }
  const subnet: Problem[] =
    helper.subnetId === undefined
      ? [
          {
            path: "helper.subnetId",
            reason: "is missing",
            fix: "Name the subnet that the helper shall run in.",
          },
        ]
      : checkId("helper.subnetId", "subnet", helper.subnetId);
  return [
    ...subnet,
    ...checkId("helper.imageId", "ami", helper.imageId),
    ...checkAllowedCidrs(helper.allowedCidrs),
    ...checkWayOut(knownWayOut(helper)),
    ...checkLogin("helper.jumpHost", helper.jumpHost, ["host", "privateKey"]),
  ];
}

function checkAllowedCidrs(cidrs: PvToHvmMigrationArgs["helper"]["allowedCidrs"] | undefined): Problem[] {
  if (cidrs !== undefined && !isKnown(cidrs)) return [];
  if (!cidrs || cidrs.length === 0) {
    return [
      {
        path: "helper.allowedCidrs",
        reason: "no address is named, and a default would open the helper's ssh port to strangers",
        fix: `Name the network that this program runs in. ${FIND_OWN_ADDRESS}`,
      },
    ];
  }
  return cidrs.flatMap((cidr, index) =>
    isKnown(cidr) ? cidrProblem(`helper.allowedCidrs[${index}]`, cidr) : [],
  );
}

/** What is known by now of the way to its packages. The rest is judged where it is used (`wayOutOf`). */
function knownWayOut({ egressCidrs, proxy, mirror }: PvToHvmMigrationArgs["helper"]): WayOut {
  return {
    egressCidrs: isKnown(egressCidrs) && egressCidrs.every(isKnown) ? (egressCidrs as string[]) : undefined,
    proxy: isKnown(proxy) ? proxy : undefined,
    mirror: isKnown(mirror) ? mirror : undefined,
  };
}

function checkDestination({ destination }: PvToHvmMigrationArgs): Problem[] {
  const size = destination?.sizeGb;
  const problems = checkKmsKey(destination);
  // CreateVolume: 1 to 65,536 GiB for gp3; what a given source needs is judged once its size is known.
  if (isKnown(size) && !(Number.isInteger(size) && size >= 1 && size <= 65536)) {
    const reason = `must be a whole number of GiB from 1 to 65536, got ${size}`;
    problems.push({ path: "destination.sizeGb", reason, fix: "Remove it for the source's size and 1 GiB." });
  }
  return problems;
}

/** `arn:aws:kms:eu-west-1:123456789012:key/…`, and of an alias; a multi-Region key's id begins with mrk-. */
const KMS_ARN = /^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:(key\/[\w-]+|alias\/[\w/-]+)$/;

function checkKmsKey(destination: PvToHvmMigrationArgs["destination"]): Problem[] {
  const path = "destination.kmsKeyId";
  if (isKnown(destination?.kmsKeyId) && !KMS_ARN.test(destination.kmsKeyId)) {
    const reason = `must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT-ID:key/KEY-ID), got ${JSON.stringify(destination.kmsKeyId)}`;
    const fix =
      "aws kms describe-key --key-id KEY --query KeyMetadata.Arn prints it, for an id and for alias/NAME.";
    return [{ path, reason, fix }];
  }
  if (destination?.kmsKeyId === undefined || !isKnown(destination.encrypted) || destination.encrypted)
    return [];
  const reason = "a key is named for a volume that is not to be encrypted";
  return [{ path, reason, fix: "Remove it, or remove destination.encrypted: false." }];
}

function checkFamilies({ guest }: PvToHvmMigrationArgs): Problem[] {
  const families = guest?.families;
  if (!isKnown(families)) return [];
  if (families.length === 0) {
    return [
      { path: "guest.families", reason: "is empty", fix: "Name xen, nitro or both, or remove it for both." },
    ];
  }
  return families.flatMap((family, index) =>
    checkEnum(`guest.families[${index}]`, Object.values(Family), family),
  );
}

function checkImageName(name: string, { image }: PvToHvmMigrationArgs): Problem[] {
  const prefix = image?.name ?? name;
  if (!isKnown(prefix)) return [];
  const problems: Problem[] = [];
  const longest = MAXIMUM_NAME_LENGTH - NAME_SUFFIX_LENGTH;
  if (prefix.length > longest) {
    const reason = `has ${prefix.length} characters, ${longest} fit: EC2 allows ${MAXIMUM_NAME_LENGTH} and ${NAME_SUFFIX_LENGTH} are added`;
    problems.push({ path: "image.name", reason, fix: `Shorten it by ${prefix.length - longest}.` });
  }
  if (!NAME_CHARACTERS.test(prefix)) {
    const refused = refusedBy(NAME_CHARACTERS, prefix);
    const reason = prefix === "" ? "is empty" : `has characters that EC2 refuses: ${refused}`;
    problems.push({
      path: "image.name",
      reason,
      fix: "Use letters, digits, spaces and ( ) [ ] . / - ' @ _ only.",
    });
  }
  return problems;
}

function checkImageDescription({ image }: PvToHvmMigrationArgs): Problem[] {
  const { description } = image ?? {};
  if (!isKnown(description) || description.length <= MAXIMUM_DESCRIPTION_LENGTH) return [];
  const reason = `has ${description.length} characters, EC2 takes ${MAXIMUM_DESCRIPTION_LENGTH}`;
  const fix = `Shorten it by ${description.length - MAXIMUM_DESCRIPTION_LENGTH}.`;
  return [{ path: "image.description", reason, fix }];
}

function checkLaunch({ launch }: PvToHvmMigrationArgs): Problem[] {
  if (!launch) return [];
  const problems = checkId("launch.subnetId", "subnet", launch.subnetId);
  if (launch.instanceType === undefined) {
    problems.push({
      path: "launch.instanceType",
      reason: "is missing",
      fix: "Name the type to launch, e.g. t3.micro.",
    });
  }
  if (launch.subnetId === undefined) {
    problems.push({ path: "launch.subnetId", reason: "is missing", fix: "Name the subnet to launch in." });
  }
  const groups = isKnown(launch.securityGroupIds) ? launch.securityGroupIds : [];
  problems.push(...groups.flatMap((id, index) => checkId(`launch.securityGroupIds[${index}]`, "sg", id)));
  const { connection } = launch;
  problems.push(...checkLogin("launch.connection", connection, ["user", "privateKey"]));
  problems.push(...checkLogin("launch.connection.jumpHost", connection?.jumpHost, ["host", "privateKey"]));
  return problems;
}

function checkEna({ guest, image }: PvToHvmMigrationArgs): Problem[] {
  if (!isKnown(image?.ena) || !image.ena || !isKnown(guest?.families)) return [];
  if (guest.families.includes(Family.Nitro)) return [];
  const reason = "is true, but guest.families does not ask for drivers of Nitro types";
  return [{ path: "image.ena", reason, fix: "Add nitro to guest.families, or remove image.ena." }];
}

function checkRehearsal({ rehearsal }: PvToHvmMigrationArgs): Problem[] {
  const seconds = rehearsal?.timeoutSeconds;
  if (seconds !== undefined && rehearsal?.skip) {
    const reason = "has no meaning beside rehearsal.skip";
    return [{ path: "rehearsal.timeoutSeconds", reason, fix: "Remove one of the two." }];
  }
  if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 1)) return [];
  const fix = "Remove it for 3600; no image is published that has not booted.";
  return [
    { path: "rehearsal.timeoutSeconds", reason: `must be a whole number of at least 1, got ${seconds}`, fix },
  ];
}

function checkTimeouts({ timeouts }: PvToHvmMigrationArgs): Problem[] {
  return Object.entries(timeouts ?? {}).flatMap(([name, seconds]: [string, unknown]) => {
    const path = `timeouts.${name}`;
    if (seconds === undefined || (Number.isInteger(seconds) && (seconds as number) >= 1)) return [];
    const got = isKnown(seconds) ? JSON.stringify(seconds) : "an output";
    const reason = `must be a whole number of seconds of at least 1, got ${got}`;
    return [{ path, reason, fix: "Remove it for a limit that no disk should reach." }];
  });
}

function checkEnums(args: PvToHvmMigrationArgs): Problem[] {
  return [
    ...checkEnum("until", Object.values(Until), args.until),
    ...checkEnum("workbench", Object.values(Workbench), args.workbench),
    ...checkEnum("launch.onNewImage", Object.values(OnNewImage), args.launch?.onNewImage),
    ...checkEnum("launch.metadataTokens", Object.values(MetadataTokens), args.launch?.metadataTokens),
    ...checkEnum("destination.volumeType", Object.values(VolumeType), args.destination?.volumeType),
    ...checkEnum("destination.layout", Object.values(Layout), args.destination?.layout),
    ...checkRemovalUntil(args),
  ];
}

function checkRemovalUntil({ until, workbench }: PvToHvmMigrationArgs): Problem[] {
  if (workbench !== Workbench.Removed || until === undefined || until === Until.Publish) return [];
  const reason = `is removed, but until: ${until} stops before there is an image to keep`;
  return [{ path: "workbench", reason, fix: "Set until to publish, or remove workbench." }];
}
