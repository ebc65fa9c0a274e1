/**
 * The component under Pulumi's mocks. Mocks do not show parents, dependencies or options, so the monitor's
 * `registerResource` is wrapped and every request kept as the engine would get it.
 */
import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import { PvToHvmMigration, type PvToHvmMigrationArgs } from "../../components";
import { bundlePath, liveProgramPath } from "../../components/converterBundle";
import type { StepName } from "../../converter/types";
import {
  DEBIAN_IMAGE,
  ec2Error,
  IDS,
  PASSES,
  SOURCE_IMAGE,
  SOURCE_INSTANCE,
  SOURCE_VOLUME,
  SUBNET,
  TYPES,
  ZONES,
} from "./ec2";
import { keyCalled } from "./keys";
import { liveReport } from "./report/liveReports";
import { BOOT_PROOF, report } from "./report/reports";

type Values = Record<string, unknown>;

/** A resource as it was registered, names in place of URNs. */
export interface Registered {
  type: string;
  name: string;
  inputs: Values;
  parent: string;
  dependsOn: string[];
  deletedWith: string;
  replacementTrigger: unknown;
  ignoreChanges: string[];
  createTimeout: string;
  /** As it was asked for; absent where nothing was. */
  protect?: boolean;
  retainOnDelete?: boolean;
  /** Whether what it prints is a secret; absent where it is none. */
  printsSecretly?: boolean;
  /** Names that it had before. */
  aliases?: string[];
}

/** EC2's answers by token, and resources' outputs by name; each may be replaced by a test. */
export interface World {
  calls?: Record<string, (args: Values) => Values>;
  states?: Record<string, Values>;
  /** Names of resources that cannot be made. */
  fails?: string[];
}

/** Arguments of a migration that is in order. */
export const ARGS: PvToHvmMigrationArgs = {
  source: { imageId: IDS.image },
  helper: { subnetId: IDS.subnet, allowedCidrs: ["10.20.30.40/32"] },
};

/** ARGS and an instance that can be asked for its boot proof. */
export const LAUNCHING: PvToHvmMigrationArgs = {
  ...ARGS,
  launch: {
    instanceType: "t3.micro",
    subnetId: IDS.subnet,
    connection: { user: "admin", privateKey: keyCalled("PRIVATE-KEY-OF-THE-LAUNCHED") },
  },
};

/** A running instance that is prepared and stopped: every child that a source can have. */
export const PREPARING: PvToHvmMigrationArgs = {
  ...ARGS,
  source: {
    instanceId: IDS.instance,
    stopFirst: true,
    prepare: true,
    connection: { user: "ec2-user", privateKey: keyCalled("PRIVATE-KEY-OF-THE-SOURCE") },
  },
};

/** Registers a migration called `web` under mocks, and waits until nothing is under way any more. */
export async function register(args: PvToHvmMigrationArgs, world: World = {}) {
  for (const path of [bundlePath(), liveProgramPath()]) {
    if (!existsSync(path)) throw new Error(`${path} is needed: npm run build`);
  }
  await pulumi.runtime.setMocks(mocks(world), "project", "stack");
  const registered = recordRegistrations();
  const migration = new PvToHvmMigration("web", args);
  const outputs = await settle(migration);
  return { migration, outputs, registered };
}

/**
 * Registers a migration that is to be refused after its look-ups. Gives the messages that the program runner would
 * print, each once, what was registered all the same, and which of the named outputs resolved.
 */
export async function refuse(args: PvToHvmMigrationArgs, world: World = {}) {
  await pulumi.runtime.setMocks(mocks(world), "project", "stack");
  const registered = recordRegistrations();
  const resolved: string[] = [];
  const errors = await unhandled(() => {
    const { imageId, snapshotId, instanceId, instanceAddress, plan } = new PvToHvmMigration("web", args);
    const outputs = { imageId, snapshotId, instanceId, instanceAddress, plan };
    for (const [name, output] of Object.entries<pulumi.Output<unknown>>(outputs)) {
      output.apply(() => resolved.push(name));
    }
  });
  // Resources that were never made wait for ever: the SDK would complain about them when the tests end.
  (debuggable as unknown as { leakedPromises(): [Set<unknown>, string] }).leakedPromises()[0].clear();
  return { messages: [...new Set(errors.map(({ message }) => message))], errors, registered, resolved };
}

/** Errors that nobody handles are the program runner's to print: collected here instead of failing the test run. */
async function unhandled(work: () => void): Promise<Error[]> {
  const errors: Error[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error: Error) => errors.push(error));
  try {
    work();
    const deadline = Date.now() + 10_000;
    while (errors.length === 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 20));
    // What would still be registered after the error has had its time.
    await new Promise((done) => setTimeout(done, 200));
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  return errors;
}

/** What is said beside the resources for good, each with its level: a status is shown for as long as something is under way. */
export async function said(args: PvToHvmMigrationArgs, world: World): Promise<string[]> {
  const lines: string[] = [];
  const { info, warn } = pulumi.log;
  const hear =
    (level: string) =>
    async (message: string, _resource?: pulumi.Resource, _stream?: number, isStatus = false) => {
      if (!isStatus) lines.push(`${level}: ${message}`);
    };
  Object.assign(pulumi.log, { info: hear("info"), warn: hear("warn") });
  try {
    await register(args, world);
  } finally {
    Object.assign(pulumi.log, { info, warn });
  }
  return lines;
}

/** The one of that name, or a failure that lists what is there. */
export function child(registered: Registered[], role: string): Registered {
  const found = registered.find(({ name }) => name === `web-${role}`);
  if (!found) throw new Error(`no web-${role} among ${registered.map(({ name }) => name).join(", ")}`);
  return found;
}

async function settle(migration: PvToHvmMigration): Promise<Values> {
  const { imageId, snapshotId, instanceId, instanceAddress, bootProof, report: made, plan } = migration;
  const { conversionKey, sourceReport } = migration;
  const all = {
    imageId,
    snapshotId,
    instanceId,
    instanceAddress,
    bootProof,
    report: made,
    plan,
    sourceReport,
    conversionKey,
  };
  const outputs = await new Promise<Values>((resolve) => pulumi.output(all).apply(resolve));
  await pulumi.runtime.disconnect();
  return outputs;
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getDeletedwith(): string;
  getReplacementTrigger(): { toJavaScript(): unknown } | undefined;
  getIgnorechangesList(): string[];
  getCustomtimeouts(): { getCreate(): string } | undefined;
  hasProtect(): boolean;
  getProtect(): boolean;
  hasRetainondelete(): boolean;
  getRetainondelete(): boolean;
  getAdditionalsecretoutputsList(): string[];
  getAliasesList(): { getSpec(): { getName(): string } | undefined }[];
  getObject(): { toJavaScript(): Values };
}

/** Everything that the engine is asked to register from now on. */
export function recordRegistrations(): Registered[] {
  const registered: Registered[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource: (...all: unknown[]) => unknown;
  };
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    registered.push(describe(request as Request));
    return original(request, ...rest);
  };
  return registered;
}

function describe(request: Request): Registered {
  const nameOf = (urn: string) => urn.split("::").pop() ?? "";
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: request.getObject().toJavaScript(),
    parent: nameOf(request.getParent()),
    dependsOn: request.getDependenciesList().map(nameOf).sort(),
    deletedWith: nameOf(request.getDeletedwith()),
    replacementTrigger: request.getReplacementTrigger()?.toJavaScript(),
    ignoreChanges: request.getIgnorechangesList(),
    createTimeout: request.getCustomtimeouts()?.getCreate() ?? "",
    ...(request.hasProtect() && { protect: request.getProtect() }),
    ...aliasesOf(request),
    ...(request.getAdditionalsecretoutputsList().includes("stdout") && { printsSecretly: true }),
    ...(request.hasRetainondelete() && { retainOnDelete: request.getRetainondelete() }),
  };
}

/** Those of a child come of its parent's. */
function aliasesOf(request: Request): Pick<Registered, "aliases"> {
  if (request.getParent().includes("::pv-to-hvm:index:PvToHvmMigration::")) return {};
  const aliases = request.getAliasesList().flatMap((alias) => alias.getSpec()?.getName() ?? []);
  return aliases.length === 0 ? {} : { aliases };
}

const VOLUMES: Record<string, string> = { "web-source": IDS.source, "web-destination": IDS.destination };

/** Pulumi's mocks of a world. */
export function mocks(world: World): pulumi.runtime.Mocks {
  return { newResource: newResource(world), call: call(world) };
}

function newResource({ states = {}, fails = [] }: World) {
  return ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    if (fails.includes(name))
      throw ec2Error(`creating ${name}: api error InsufficientInstanceCapacity: none is free`);
    const state = { ...inputs, ...outputsOf(type, name), ...states[name] };
    return { id: VOLUMES[name] ?? `${name}-id`, state };
  };
}

function outputsOf(type: string, name: string): Values {
  switch (type) {
    case "tls:index/privateKey:PrivateKey":
      return {
        privateKeyOpenssh: `PRIVATE-KEY-OF-${name}`,
        publicKeyOpenssh: `ssh-ed25519 PUBLIC-${name}\n`,
      };
    case "aws:ec2/instance:Instance":
      return { publicIp: `${name}.public`, privateIp: `${name}.private` };
    case "aws:ec2/ami:Ami":
      return { rootSnapshotId: "web-snapshot-id" };
    case "command:remote:Command":
      return { stdout: printed(name.replace("web-", "")), stderr: "" };
    default:
      return {};
  }
}

function printed(role: string): string {
  if (role === "source-inspection") return JSON.stringify(liveReport("inspect"));
  if (role === "source-preparation") return JSON.stringify(liveReport("prepare"));
  return role === "boot-proof" ? BOOT_PROOF : JSON.stringify(report(role as StepName), null, 2);
}

function call({ calls = {} }: World) {
  const known: World["calls"] = { ...ANSWERS, ...calls };
  return ({ token, inputs }: pulumi.runtime.MockCallArgs) => {
    const answer = known[token];
    if (!answer) throw new Error(`unexpected look-up ${token}`);
    return answer(inputs);
  };
}

/** What EC2 answers when all is well. */
export const ANSWERS: Record<string, (args: Values) => Values> = {
  // Nothing is published yet: no image carries tags.
  "aws:ec2/getAmi:getAmi": ({ filters }) => {
    if (JSON.stringify(filters).includes("tag:")) throw ec2Error("Your query returned no results.");
    return JSON.stringify(filters).includes(IDS.image) ? SOURCE_IMAGE : DEBIAN_IMAGE;
  },
  "aws:ec2/getAmiIds:getAmiIds": () => ({ ids: [] }),
  // No snapshot carries tags either.
  "aws:ebs/getSnapshot:getSnapshot": ({ filters }) => {
    if (filters) throw ec2Error("no matching EBS Snapshot found");
    return { id: IDS.snapshot, volumeSize: 8, volumeId: IDS.destination };
  },
  "aws:ebs/getVolume:getVolume": () => SOURCE_VOLUME,
  "aws:ec2/getInstances:getInstances": ({ filters }) => {
    const { name } = (filters as { name: string }[]).slice(-1)[0];
    return { ids: PASSES[name] ? [IDS.instance] : [] };
  },
  "aws:ec2/getInstance:getInstance": ({ instanceId }) => {
    if (instanceId === IDS.instance) return SOURCE_INSTANCE;
    const name = String(instanceId).replace(/-id$/, "");
    return { instanceState: "running", publicIp: `${name}.public`, privateIp: `${name}.private` };
  },
  "aws:ec2/getSubnet:getSubnet": () => SUBNET,
  "aws:ec2/getKeyPair:getKeyPair": ({ keyName }) => ({ id: "key-0ffffffffffffffff", keyName }),
  "aws:ec2/getSecurityGroup:getSecurityGroup": ({ id }) => ({ id, vpcId: "vpc-0eeeeeeeeeeeeeeee" }),
  // Every type is to be had in two zones.
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": ({ filters }) => {
    const [{ values }] = filters as { values: string[] }[];
    const offered = values.filter((type) => TYPES[type]).flatMap((type) => ZONES.map((zone) => [type, zone]));
    return { instanceTypes: offered.map(([type]) => type), locations: offered.map(([, zone]) => zone) };
  },
  "aws:ebs/getEncryptionByDefault:getEncryptionByDefault": () => ({ enabled: false }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: SUBNET.ownerId }),
  "aws:ec2/getInstanceType:getInstanceType": ({ instanceType }) => {
    const type = TYPES[instanceType as string];
    if (!type) throw ec2Error("InvalidInstanceType: The following supplied instance types do not exist");
    return { instanceType, ...type };
  },
};
