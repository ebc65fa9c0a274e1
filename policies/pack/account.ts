/** EC2 and Auto Scaling as the rules ask them. Each question is asked once in a run, however many resources it is about. */
import { AutoScalingClient, DescribeLaunchConfigurationsCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  type Image as Ec2Image,
  type Instance as Ec2Instance,
} from "@aws-sdk/client-ec2";
import { STSClient } from "@aws-sdk/client-sts";
import { explained } from "../../cli/aws/errors";
import { assumeRoles, type Credentials } from "../../cli/aws/roles";
import { awsSettings } from "../../cli/aws/settings";
import { tagsOf } from "../../cli/aws/tags";
import { isDenied, plainWords } from "../../components/denied";
import type { Tags } from "../../components/tags";
import type { Props, TemplateName } from "./launches";

/** What was found, or why it is not known: words without a full stop. */
export type Answer<T> = { found: T } | { unknown: string };

export interface Image {
  /** EC2's word: `paravirtual` or `hvm`. */
  virtualizationType: string;
  tags: Tags;
}

/** What a launch template or a launch configuration launches, as far as it says it. */
export interface Launched {
  imageId?: string;
  instanceType?: string;
}

/** What a rule asks of AWS. */
export interface Account {
  image(imageId: string): Promise<Answer<Image>>;
  /** Of the image that would be made of an instance. */
  instance(instanceId: string): Promise<Answer<Image>>;
  template(name: TemplateName): Promise<Answer<Launched>>;
  configuration(name: string): Promise<Answer<Launched>>;
}

const accounts = new Map<string, Account>();

/**
 * The account and region that a resource is in: its own `region`, else its provider's, else the environment's; by the credentials that its
 * provider has (`profile`, `assumeRoles`), else the environment's.
 */
export function accountOf(inputs: Props, provider: Props = {}, region = regionOf(inputs, provider)): Account {
  const key = JSON.stringify([region, provider.profile, provider.assumeRoles]);
  const account = accounts.get(key) ?? askedOnce(openAccount(region, provider));
  accounts.set(key, account);
  return account;
}

function regionOf(inputs: Props, provider: Props): string | undefined {
  const own = (inputs.region ?? provider.region) as string | undefined;
  return own ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
}

function openAccount(region: string | undefined, provider: Props): Account {
  const clients = once(() => openClients(region, provider));
  const ask = async <T>(question: (clients: Clients) => Promise<Answer<T>>): Promise<Answer<T>> => {
    if (region === undefined) return { unknown: "no region is set for it. Set aws:region or AWS_REGION" };
    return clients()
      .then(question)
      .catch((error: Error) => ({ unknown: whyUnknown(error, region) }));
  };
  return {
    image: (imageId) => ask((opened) => askForImage(opened, imageId)),
    instance: (instanceId) => ask((opened) => askForInstance(opened, instanceId)),
    template: (name) => ask((opened) => askForTemplate(opened, name)),
    configuration: (name) => ask((opened) => askForConfiguration(opened, name)),
  };
}

interface Clients {
  ec2: EC2Client;
  autoScaling: AutoScalingClient;
}

async function openClients(region: string | undefined, provider: Props): Promise<Clients> {
  const profile = provider.profile as string | undefined;
  const withCredentials = (credentials?: Credentials) => ({
    ...awsSettings(region),
    ...(credentials ? { credentials } : profile && { profile }),
  });
  const roles = { "aws:assumeRoles": jsonOf(provider.assumeRoles) };
  const credentials = await assumeRoles(roles, (given) => new STSClient(withCredentials(given)));
  const settings = withCredentials(credentials);
  return { ec2: new EC2Client(settings), autoScaling: new AutoScalingClient(settings) };
}

/** A provider's structured inputs come as JSON or as they are. */
function jsonOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? []);
}

async function askForImage({ ec2 }: Clients, imageId: string): Promise<Answer<Image>> {
  const { Images: [image] = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
  return image === undefined ? { unknown: "EC2 shows no such image to this account" } : seen(image);
}

async function askForInstance({ ec2 }: Clients, instanceId: string): Promise<Answer<Image>> {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const instance = Reservations?.[0]?.Instances?.[0];
  return instance === undefined ? { unknown: "EC2 shows no such instance to this account" } : seen(instance);
}

function seen({ VirtualizationType, Tags }: Ec2Image | Ec2Instance): Answer<Image> {
  return VirtualizationType === undefined
    ? { unknown: "EC2 does not tell its virtualization type" }
    : { found: { virtualizationType: VirtualizationType, tags: tagsOf(Tags) } };
}

async function askForTemplate(
  { ec2 }: Clients,
  { id, name, version }: TemplateName,
): Promise<Answer<Launched>> {
  const template = id === undefined ? { LaunchTemplateName: name } : { LaunchTemplateId: id };
  const { LaunchTemplateVersions: [found] = [] } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ ...template, Versions: [version] }),
  );
  const data = found?.LaunchTemplateData;
  return data === undefined
    ? { unknown: `EC2 shows no version ${version} of it to this account` }
    : { found: { imageId: data.ImageId, instanceType: data.InstanceType } };
}

async function askForConfiguration({ autoScaling }: Clients, name: string): Promise<Answer<Launched>> {
  const { LaunchConfigurations: [found] = [] } = await autoScaling.send(
    new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: [name] }),
  );
  return found === undefined
    ? { unknown: "Auto Scaling shows no such launch configuration to this account" }
    : { found: { imageId: found.ImageId, instanceType: found.InstanceType } };
}

function whyUnknown(error: Error, region: string): string {
  const told = explained(error, region);
  return plainWords(
    told === error && !isDenied(error.name) ? `${error.name}: ${error.message}` : told.message,
  );
}

function askedOnce(account: Account): Account {
  return {
    image: onceEach((imageId) => account.image(imageId)),
    instance: onceEach((instanceId) => account.instance(instanceId)),
    template: onceEach((name) => account.template(name)),
    configuration: onceEach((name) => account.configuration(name)),
  };
}

function onceEach<K, T>(ask: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (key) => {
    const text = JSON.stringify(key);
    const answer = answers.get(text) ?? ask(key);
    answers.set(text, answer);
    return answer;
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
