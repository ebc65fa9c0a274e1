/** Who names an image: machines, launch templates and configurations, groups, fleets. Pure. */
import type { AutoScalingGroup, LaunchConfiguration } from "@aws-sdk/client-auto-scaling";
import type { Instance, LaunchTemplateVersion, SpotFleetRequestConfig } from "@aws-sdk/client-ec2";
import { tagOf } from "../cli/aws/tags";
import type { Referrer } from "./types";

/** What may name an image, in the words of EC2 and Auto Scaling. */
export interface Users {
  /** Those that are there. */
  instances: Instance[];
  /** The latest and the default version of each, and those that a group or a fleet names by their number. */
  templates: LaunchTemplateVersion[];
  configurations: LaunchConfiguration[];
  groups: AutoScalingGroup[];
  fleets: SpotFleetRequestConfig[];
}

/** A launch template as groups and fleets name it: by its id or its name, and a version. */
interface NamedTemplate {
  LaunchTemplateId?: string;
  LaunchTemplateName?: string;
  /** `$Latest`, `$Default` or a number. Absent: the default one. */
  Version?: string;
}

/** The tag of an instance that names its Auto Scaling group. */
export const GROUP_TAG = "aws:autoscaling:groupName";

/** The referrers of each image, by its id. In order of kind, then id. */
export function referrersIn(users: Users): Map<string, Referrer[]> {
  const found = new Map<string, Referrer[]>();
  for (const [imageId, referrer] of allOf(users)) {
    const before = found.get(imageId) ?? [];
    const isSame = before.some(
      ({ kind, id, detail }) => kind === referrer.kind && id === referrer.id && detail === referrer.detail,
    );
    if (imageId !== "" && !isSame) found.set(imageId, [...before, referrer]);
  }
  return found;
}

type Reference = [imageId: string, referrer: Referrer];

function allOf(users: Users): Reference[] {
  return [
    ...users.instances.map(ofInstance),
    ...users.templates.map(ofTemplate),
    ...users.configurations.map(ofConfiguration),
    ...users.groups.flatMap((group) => ofGroup(group, users)),
    ...users.fleets.filter(isLive).flatMap((fleet) => ofFleet(fleet, users)),
  ];
}

function ofInstance({ ImageId = "", InstanceId = "", State, Tags }: Instance): Reference {
  const detail = State?.Name ?? "in an unknown state";
  const isActive = ["running", "pending"].includes(detail);
  return [ImageId, { kind: "instance", id: InstanceId, name: tagOf(Tags, "Name"), detail, isActive }];
}

function ofTemplate(template: LaunchTemplateVersion): Reference {
  const { LaunchTemplateId = "", LaunchTemplateName, VersionNumber, DefaultVersion } = template;
  const detail = `version ${VersionNumber ?? "?"}${DefaultVersion ? " (default)" : ""}`;
  const named = { id: LaunchTemplateId, name: LaunchTemplateName };
  return [imageOf(template), { kind: "launch template", ...named, detail, isActive: false }];
}

function ofConfiguration({ ImageId = "", LaunchConfigurationName = "" }: LaunchConfiguration): Reference {
  const detail = "names the image";
  return [ImageId, { kind: "launch configuration", id: LaunchConfigurationName, detail, isActive: false }];
}

function ofGroup(group: AutoScalingGroup, users: Users): Reference[] {
  const { AutoScalingGroupName = "", DesiredCapacity = 0, LaunchConfigurationName } = group;
  const wanted = `${DesiredCapacity} ${DesiredCapacity === 1 ? "instance" : "instances"} wanted`;
  const referrer = (by: string): Referrer => ({
    ...{ kind: "Auto Scaling group", id: AutoScalingGroupName, detail: `${by}, ${wanted}` },
    isActive: DesiredCapacity > 0,
  });
  const configurations = users.configurations.filter(
    (each) =>
      each.LaunchConfigurationName === LaunchConfigurationName && LaunchConfigurationName !== undefined,
  );
  return [
    ...configurations.map(({ ImageId = "" }): Reference => [
      ImageId,
      referrer(`launch configuration ${LaunchConfigurationName}`),
    ]),
    ...byTemplates(templatesOfGroup(group), users, referrer),
    ...(group.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? []).map(({ ImageId = "" }): Reference => [
      ImageId,
      referrer("override of an instance type"),
    ]),
  ];
}

function templatesOfGroup({ LaunchTemplate, MixedInstancesPolicy }: AutoScalingGroup): NamedTemplate[] {
  const { LaunchTemplateSpecification, Overrides = [] } = MixedInstancesPolicy?.LaunchTemplate ?? {};
  const overrides = Overrides.map((each) => each.LaunchTemplateSpecification);
  return [LaunchTemplate, LaunchTemplateSpecification, ...overrides].filter((each) => each !== undefined);
}

const ENDED = /^cancelled/;

function isLive({ SpotFleetRequestState }: SpotFleetRequestConfig): boolean {
  return !ENDED.test(SpotFleetRequestState ?? "");
}

function ofFleet(fleet: SpotFleetRequestConfig, users: Users): Reference[] {
  const { SpotFleetRequestId = "", SpotFleetRequestState, SpotFleetRequestConfig: config } = fleet;
  const { TargetCapacity = 0, LaunchSpecifications = [] } = config ?? {};
  const referrer = (by: string): Referrer => ({
    ...{ kind: "spot fleet", id: SpotFleetRequestId, isActive: SpotFleetRequestState === "active" },
    detail: `${by}, ${SpotFleetRequestState ?? "in an unknown state"}, capacity ${TargetCapacity}`,
  });
  return [
    ...LaunchSpecifications.map(({ ImageId = "" }): Reference => [ImageId, referrer("launch specification")]),
    ...byTemplates(templatesOfFleet(fleet), users, referrer),
  ];
}

function templatesOfFleet({ SpotFleetRequestConfig: config }: SpotFleetRequestConfig): NamedTemplate[] {
  return (config?.LaunchTemplateConfigs ?? []).flatMap(
    ({ LaunchTemplateSpecification }) => LaunchTemplateSpecification ?? [],
  );
}

function byTemplates(
  named: NamedTemplate[],
  { templates }: Users,
  referrer: (by: string) => Referrer,
): Reference[] {
  return named.flatMap((each) =>
    versionsOf(each, templates).map((template): Reference => {
      const { LaunchTemplateName = template.LaunchTemplateId, VersionNumber } = template;
      return [imageOf(template), referrer(`launch template ${LaunchTemplateName} version ${VersionNumber}`)];
    }),
  );
}

function versionsOf(named: NamedTemplate, templates: LaunchTemplateVersion[]): LaunchTemplateVersion[] {
  const all = templates.filter((each) => isOf(each, named));
  const { Version = "$Default" } = named;
  if (Version === "$Latest") {
    const latest = Math.max(...all.map(({ VersionNumber = 0 }) => VersionNumber));
    return all.filter(({ VersionNumber }) => VersionNumber === latest).slice(0, 1);
  }
  if (Version === "$Default") return all.filter(({ DefaultVersion }) => DefaultVersion).slice(0, 1);
  return all.filter(({ VersionNumber }) => String(VersionNumber) === Version).slice(0, 1);
}

function isOf(
  template: LaunchTemplateVersion,
  { LaunchTemplateId, LaunchTemplateName }: NamedTemplate,
): boolean {
  return LaunchTemplateId === undefined
    ? template.LaunchTemplateName === LaunchTemplateName
    : template.LaunchTemplateId === LaunchTemplateId;
}

/** Versions by their numbers, which are not among those that are known. One entry a template. */
export function versionsNamedBy({
  groups,
  fleets,
  templates,
}: Pick<Users, "groups" | "fleets" | "templates">): { templateId: string; versions: string[] }[] {
  const named = [...groups.flatMap(templatesOfGroup), ...fleets.filter(isLive).flatMap(templatesOfFleet)];
  const wanted = new Map<string, Set<string>>();
  for (const each of named) {
    const { Version = "$Default" } = each;
    if (Version.startsWith("$") || versionsOf(each, templates).length > 0) continue;
    const templateId = each.LaunchTemplateId ?? templates.find((one) => isOf(one, each))?.LaunchTemplateId;
    if (templateId === undefined) continue;
    wanted.set(templateId, new Set([...(wanted.get(templateId) ?? []), Version]));
  }
  return [...wanted].map(([templateId, versions]) => ({ templateId, versions: [...versions] }));
}

function imageOf({ LaunchTemplateData }: LaunchTemplateVersion): string {
  return LaunchTemplateData?.ImageId ?? "";
}

/** Ids of all images that something refers to, but for instances that are no paravirtual ones. */
export function imageIdsIn(users: Users): string[] {
  const paravirtual = users.instances.filter(
    ({ VirtualizationType }) => VirtualizationType === "paravirtual",
  );
  const ids = referrersIn({ ...users, instances: paravirtual }).keys();
  return [...ids].filter((id) => id.startsWith("ami-"));
}

/** Launch templates that name their image in another way than by its id. */
export function indirectIn({ templates }: Users): string[] {
  return templates
    .filter((each) => !/^(ami-|$)/.test(imageOf(each)))
    .map(
      (each) =>
        `The launch template ${each.LaunchTemplateName ?? each.LaunchTemplateId}, version ${each.VersionNumber}, names its image by ${imageOf(each)}, which was not followed.`,
    );
}
