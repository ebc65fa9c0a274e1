/**
 * Where the inputs of a resource name images, instance types and launch templates. Pure.
 *
 * Nothing is read before it is asked for: at a preview a value that is not known yet throws as soon as it is touched, and `@pulumi/policy`
 * tells that the rule could not be held against it. So each rule touches what it judges, and nothing else.
 */

/** Inputs as the engine hands them over. Any of them may be absent. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a resource's inputs have no type here, as in `@pulumi/policy`
export type Props = Record<string, any>;

/** Inputs that say what is launched: the resource's own, or one entry of a list in them. */
export interface Place {
  /** Where they stand, with a dot at the end: `launchSpecifications[0].`; of the resource's own inputs empty. */
  path: string;
  inputs: Props;
}

/** Something that is named, and where. */
export interface Named<T> {
  /** `launchSpecifications[0].ami` */
  path: string;
  value: T;
}

/** A launch template as a resource names it. */
export interface TemplateName {
  id?: string;
  name?: string;
  /** A number, `$Latest` or `$Default`. */
  version: string;
}

const here = (inputs: Props): Place[] => [{ path: "", inputs }];

/** The inputs of each type that launches instances, or says how they are launched. */
const PLACES: Record<string, (inputs: Props) => Place[]> = {
  "aws:ec2/instance:Instance": here,
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest": here,
  "aws:ec2/launchTemplate:LaunchTemplate": here,
  "aws:ec2/launchConfiguration:LaunchConfiguration": here,
  "aws:autoscaling/group:Group": (inputs) => [
    ...here(inputs),
    ...configured("mixedInstancesPolicy.launchTemplate.", inputs.mixedInstancesPolicy?.launchTemplate),
  ],
  "aws:ec2/fleet:Fleet": (inputs) => templateConfigs(inputs),
  "aws:ec2/spotFleetRequest:SpotFleetRequest": (inputs) => [
    ...entries("launchSpecifications", inputs.launchSpecifications),
    ...templateConfigs(inputs),
  ],
};

/** The places of a resource; empty for a type that launches nothing. */
export function placesOf(type: string, inputs: Props): Place[] {
  return PLACES[type]?.(inputs) ?? [];
}

function templateConfigs({ launchTemplateConfigs }: Props): Place[] {
  return entries("launchTemplateConfigs", launchTemplateConfigs).flatMap(({ path, inputs }) =>
    configured(path, inputs),
  );
}

/** A launch template, and the entries that differ from it. */
function configured(path: string, inputs: Props | undefined): Place[] {
  return inputs === undefined
    ? []
    : [{ path, inputs }, ...entries(`${path}overrides`, inputs.overrides as Props[] | undefined)];
}

function entries(path: string, list: Props[] | undefined): Place[] {
  return (list ?? []).map((inputs, index) => ({ path: `${path}[${index}].`, inputs }));
}

/** The images that the places name. */
export function imagesIn(places: Place[]): Named<string>[] {
  return places.flatMap((place) => [...named(place, "ami"), ...named(place, "imageId")]);
}

export function typesIn(places: Place[]): Named<string>[] {
  return places.flatMap((place) => named(place, "instanceType"));
}

/** The launch configurations that they name; their names are unique in an account and region. */
export function configurationsIn(places: Place[]): Named<string>[] {
  return places.flatMap((place) => named(place, "launchConfiguration"));
}

export function templatesIn(places: Place[]): Named<TemplateName>[] {
  return places.flatMap(({ path, inputs }) =>
    ["launchTemplate", "launchTemplateSpecification"].flatMap((property) => {
      const value = templateName(inputs[property] as Props | undefined);
      return value === undefined ? [] : [{ path: path + property, value }];
    }),
  );
}

/** Undefined for what is none: the launch template of a mixed instances policy holds the name one level deeper. */
function templateName(inputs: Props | undefined): TemplateName | undefined {
  const id = inputs?.id ?? inputs?.launchTemplateId;
  const name = inputs?.name ?? inputs?.launchTemplateName;
  if (id === undefined && name === undefined) return undefined;
  return { id, name, version: String(inputs?.version ?? "$Default") };
}

function named({ path, inputs }: Place, property: string): Named<string>[] {
  const value: unknown = inputs[property];
  return typeof value === "string" && value !== "" ? [{ path: path + property, value }] : [];
}
