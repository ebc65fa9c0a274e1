/** The rules, each with what it says to who breaks it. */
import { getStack } from "@pulumi/pulumi";
import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { REHEARSAL_SKIPPED, TAG, type Tags } from "../../components/tags";
import { type Account, accountOf, type Answer, type Image, type Launched } from "./account";
import { PARAVIRTUAL_TYPES } from "./instanceTypes";
import { configurationsIn, imagesIn, type Named, placesOf, templatesIn, typesIn } from "./launches";

const AMI = "aws:ec2/ami:Ami";
const COPY = "aws:ec2/amiCopy:AmiCopy";
const FROM_INSTANCE = "aws:ec2/amiFromInstance:AmiFromInstance";

/** What a rule takes beside `enforcementLevel`, which every rule of `@pulumi/policy` has. */
interface RuleConfig {
  ifUnknown?: "report" | "pass";
  stacks?: string[];
}

const IF_UNKNOWN: PolicyConfigJSONSchema = {
  type: "string",
  enum: ["report", "pass"],
  default: "report",
  description:
    "What becomes of an image that cannot be looked up: `report` takes it for a violation, `pass` lets it through.",
};

const URL = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/virtualization_types.html";

/** Whom a rule asks. The tests hand in an account of their own. */
export type AccountFinder = typeof accountOf;

/** All rules of the pack. */
export function rules(find: AccountFinder = accountOf): ResourceValidationPolicy[] {
  return [noParavirtualImages(find), noParavirtualTypes(find), onlyProvenImages(find)];
}

function noParavirtualImages(find: AccountFinder): ResourceValidationPolicy {
  return {
    name: "no-paravirtual-images",
    description: "No image is paravirtual, and none is launched, copied or referred to.",
    enforcementLevel: "mandatory",
    url: URL,
    configSchema: { properties: { ifUnknown: IF_UNKNOWN } },
    validateResource: async (args, report) => {
      if (args.type === AMI) return judgeRegistration(args, report);
      for (const { path, value, answer } of await imagesOf(args, find)) {
        if ("unknown" in answer) reportUnknown(args, report, `${path}: ${value}`, answer.unknown);
        else if (answer.found.virtualizationType === "paravirtual") {
          report(
            `${path}: ${value} is paravirtual, and must be HVM. Convert it with pv-to-hvm, and name the new image.`,
          );
        }
      }
    },
  };
}

/** RegisterImage's default is paravirtual, and so is the provider's. */
function judgeRegistration({ props }: ResourceValidationArgs, report: ReportViolation): void {
  const given = props.virtualizationType as string | undefined;
  if (given === "hvm") return;
  const found = given === undefined ? "is not set, which means paravirtual" : `is ${given}`;
  report(
    `virtualizationType ${found}, and must be hvm. The disk of a paravirtual image does not boot as HVM: convert it with pv-to-hvm first.`,
  );
}

function noParavirtualTypes(find: AccountFinder): ResourceValidationPolicy {
  return {
    name: "no-paravirtual-types",
    description: "No instance type is one that was made for paravirtual images: C1, M1, M2, T1.",
    enforcementLevel: "mandatory",
    url: URL,
    configSchema: { properties: { ifUnknown: IF_UNKNOWN } },
    validateResource: async (args, report) => {
      for (const { path, value } of typesIn(placesOf(args.type, args.props))) judgeType(path, value, report);
      for (const { path, answer } of await referredTo(args, find)) {
        if ("unknown" in answer) reportUnknown(args, report, path, answer.unknown);
        else judgeType(path, answer.found.instanceType, report);
      }
    },
  };
}

function judgeType(path: string, type: string | undefined, report: ReportViolation): void {
  if (type === undefined || !PARAVIRTUAL_TYPES.includes(type)) return;
  report(
    `${path}: ${type} was made for paravirtual images, and is of a generation that is being retired. Name a current type, for example t3.small.`,
  );
}

function onlyProvenImages(find: AccountFinder): ResourceValidationPolicy {
  return {
    name: "only-proven-images",
    description: "Every image carries the tags of a conversion by pv-to-hvm whose copy has booted.",
    // For stacks that ask for it.
    enforcementLevel: "disabled",
    configSchema: {
      properties: {
        ifUnknown: IF_UNKNOWN,
        stacks: {
          type: "array",
          items: { type: "string" },
          description: "Names of the stacks that this rule is for. Without it: all.",
        },
      },
    },
    validateResource: async (args, report) => {
      if (!isAskedFor(args) || isHelper(args)) return;
      if ([AMI, COPY, FROM_INSTANCE].includes(args.type))
        return judgeProof("the image", args.props.tags, report);
      for (const { path, value, answer } of await imagesOf(args, find)) {
        if ("unknown" in answer) reportUnknown(args, report, `${path}: ${value}`, answer.unknown);
        else judgeProof(`${path}: ${value}`, answer.found.tags, report);
      }
    },
  };
}

function isAskedFor({ getConfig }: ResourceValidationArgs): boolean {
  const { stacks } = getConfig<RuleConfig>();
  return stacks === undefined || stacks.includes(getStack());
}

/** The helper of a migration: it runs the distribution's own image. */
function isHelper({ props }: ResourceValidationArgs): boolean {
  return props.tags?.[TAG.role] === "helper";
}

function judgeProof(what: string, tags: Tags | undefined, report: ReportViolation): void {
  const lack = [TAG.conversion, TAG.filesystem].filter((tag) => !tags?.[tag]);
  if (lack.length > 0) {
    report(
      `${what} lacks the tag ${lack.join(" and ")}: no conversion by pv-to-hvm made it. Name the image that a PvToHvmMigration puts out.`,
    );
  } else if (tags?.[TAG.rehearsal] === REHEARSAL_SKIPPED) {
    report(
      `${what} was published without a rehearsal (tag ${TAG.rehearsal}): nobody has seen its copy boot. Take rehearsal.skip away from its migration, and convert it anew.`,
    );
  }
}

/** An image that a resource names, and what AWS knows of it. */
interface Asked extends Named<string> {
  answer: Answer<Image>;
}

/** Every image that the resource launches, copies or is made of. */
async function imagesOf(args: ResourceValidationArgs, find: AccountFinder): Promise<Asked[]> {
  const { type, props } = args;
  const account = find(props, args.provider?.props);
  if (type === COPY) return [await copied(args, find)];
  if (type === FROM_INSTANCE) {
    const value = props.sourceInstanceId as string;
    return [{ path: "sourceInstanceId", value, answer: await account.instance(value) }];
  }
  const own = imagesIn(placesOf(type, props));
  // What an instance names itself takes the place of what its template names.
  const templated = own.some(({ path }) => path === "ami") ? [] : await referredTo(args, find);
  const answers = [...own, ...templated.flatMap(imageNamed)].map(async (named) => ({
    ...named,
    answer: await askForNamed(account, named),
  }));
  return Promise.all(answers);
}

async function copied({ props, provider }: ResourceValidationArgs, find: AccountFinder): Promise<Asked> {
  const value = props.sourceAmiId as string;
  const account = find(props, provider?.props, props.sourceAmiRegion as string | undefined);
  return { path: "sourceAmiId", value, answer: await account.image(value) };
}

/** A launch template or launch configuration that the resource names, and what that launches. */
interface Referred extends Named<string> {
  answer: Answer<Launched>;
}

async function referredTo(
  { type, props, provider }: ResourceValidationArgs,
  find: AccountFinder,
): Promise<Referred[]> {
  const places = placesOf(type, props);
  const account = find(props, provider?.props);
  const templates = templatesIn(places).map(async ({ path, value }) => ({
    path: `${path}: launch template ${value.id ?? value.name} (version ${value.version})`,
    value: path,
    answer: await account.template(value),
  }));
  const configurations = configurationsIn(places).map(async ({ path, value }) => ({
    path: `${path}: launch configuration ${value}`,
    value: path,
    answer: await account.configuration(value),
  }));
  return Promise.all([...templates, ...configurations]);
}

/** The image that a template names: none, if it leaves that to who uses it. */
function imageNamed({ path, answer }: Referred): (Named<string> & { unknown?: string })[] {
  if ("unknown" in answer) return [{ path, value: "its image", unknown: answer.unknown }];
  const { imageId } = answer.found;
  return imageId === undefined ? [] : [{ path, value: imageId }];
}

/** `resolve:ssm:…`: EC2 looks the image up in Systems Manager at each launch. */
async function askForNamed(
  account: Account,
  { value, unknown }: Named<string> & { unknown?: string },
): Promise<Answer<Image>> {
  if (unknown !== undefined) return { unknown };
  if (/^ami-[0-9a-f]+$/.test(value)) return account.image(value);
  return { unknown: "it is no image's id, so EC2 finds out at each launch which image that is" };
}

function reportUnknown(
  { getConfig }: ResourceValidationArgs,
  report: ReportViolation,
  what: string,
  why: string,
): void {
  if (getConfig<RuleConfig>().ifUnknown === "pass") return;
  report(
    `${what} could not be looked up: ${why}. Give the caller the rights that docs/policy-pack.md lists, name an image that EC2 knows, or set ifUnknown to pass.`,
  );
}
