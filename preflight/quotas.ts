/** Whether the account's quotas have room for what an update makes. */
import { paginateDescribeInstances, paginateDescribeVolumes } from "@aws-sdk/client-ec2";
import { GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { numberOf, textOf } from "../cli/preview/preview";
import type { Clients } from "./clients";
import { type Machine, machinesOf, typesOf } from "./machines";
import { pages } from "../cli/aws/pages";
import type { Plan } from "./plan";
import { looked } from "./refusal";
import { whyUnreached } from "../cli/aws/errors";
import { migrationsIn, type Row } from "./row";

/**
 * Quotas of vCPUs that run on demand, by the letters that a type's name begins with. Source:
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
 */
const VCPU_QUOTAS = [
  { code: "L-1216C47A", called: "standard types", types: /^[acdhimrtz]\d/ },
  { code: "L-74FC7D96", called: "F types", types: /^f\d/ },
  { code: "L-DB2E81BA", called: "G and VT types", types: /^(g|vt)\d/ },
  { code: "L-417A185B", called: "P types", types: /^p\d/ },
  { code: "L-7295265B", called: "X types", types: /^x\d/ },
];

/** Quotas of storage, in TiB, by volume type. Source: https://docs.aws.amazon.com/general/latest/gr/ebs-service.html */
const STORAGE_QUOTAS: Record<string, string> = { gp3: "L-7A658B76", gp2: "L-D18FCD1D" };

const GIB_PER_TIB = 1024;

export async function askQuotas(plan: Plan, clients: Clients): Promise<Row[]> {
  const [vcpus, storage] = await Promise.all([askVcpus(plan, clients), askStorage(plan, clients)]);
  return [...vcpus, ...storage];
}

async function askVcpus(plan: Plan, clients: Clients): Promise<Row[]> {
  const machines = machinesOf(plan);
  const rows = VCPU_QUOTAS.map(async (quota) => {
    const these = machines.filter(({ instanceType }) => quota.types.test(instanceType));
    return these.length === 0 ? [] : [await askVcpuQuota(quota, these, plan, clients)];
  });
  return (await Promise.all(rows)).flat();
}

async function askVcpuQuota(
  { code, called, types }: (typeof VCPU_QUOTAS)[number],
  machines: Machine[],
  { helpersAtOnce }: Plan,
  clients: Clients,
): Promise<Row> {
  const row = {
    what: `vCPUs of ${called}`,
    migrations: migrationsIn(machines),
  };
  const answer = await looked(row, async () => {
    const running = (await runningTypes(clients)).filter((type) => types.test(type));
    const all = await typesOf(
      [...new Set([...running, ...machines.map(({ instanceType }) => instanceType)])],
      clients.ec2,
    );
    const vcpusOf = (type: string) => all.get(type)?.VCpuInfo?.DefaultVCpus ?? 0;
    return {
      quota: await quotaOf("ec2", code, clients),
      used: sum(running.map(vcpusOf)),
      needed: neededVcpus(machines, helpersAtOnce, vcpusOf),
    };
  });
  if ("row" in answer) return answer.row;
  const { quota, used, needed } = answer.value;
  if (quota === undefined) return unreached(row, code);
  const found = `${needed} needed at once, ${used} in use, the quota is ${quota}`;
  if (used + needed <= quota) return { ...row, answer: "yes", found };
  const advice = `Set a smaller helpersAtOnce, stop what nobody needs, or ask for ${used + needed} or more: aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${code} --desired-value ${used + needed}`;
  return { ...row, answer: "no", found, advice };
}

/** The launched machines stay; of the helpers only so many run at once, the largest at worst. */
function neededVcpus(
  machines: Machine[],
  helpersAtOnce: number | undefined,
  vcpusOf: (type: string) => number,
): number {
  const [helpers, launched] = [true, false].map((isHelper) =>
    machines
      .filter((machine) => machine.isHelper === isHelper)
      .map(({ instanceType }) => vcpusOf(instanceType)),
  );
  const atOnce = [...helpers].sort((one, other) => other - one).slice(0, helpersAtOnce ?? helpers.length);
  return sum([...atOnce, ...launched]);
}

async function runningTypes({ ec2 }: Clients): Promise<string[]> {
  const running = { Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }] };
  const reservations = await pages(
    paginateDescribeInstances({ client: ec2 }, running),
    (page) => page.Reservations,
  );
  return reservations.flatMap(({ Instances = [] }) =>
    Instances.map(({ InstanceType = "" }) => String(InstanceType)),
  );
}

async function askStorage({ pieces }: Plan, clients: Clients): Promise<Row[]> {
  const made = pieces.flatMap(({ migration, type, inputs }) => {
    const [volumeType, size] = [textOf(inputs?.type), numberOf(inputs?.size)];
    // Of the source's volume the preview does not know the size: the destination is no smaller.
    return type === "aws:ebs/volume:Volume" && volumeType !== undefined
      ? [{ migration, volumeType, size }]
      : [];
  });
  const kinds = [...new Set(made.map(({ volumeType }) => volumeType))].filter((kind) =>
    Object.hasOwn(STORAGE_QUOTAS, kind),
  );
  const rows = kinds.map(async (kind): Promise<Row> => {
    const these = made.filter(({ volumeType }) => volumeType === kind);
    const row = {
      what: `storage of ${kind} volumes`,
      migrations: migrationsIn(these),
    };
    const answer = await looked(row, async () => ({
      tib: await quotaOf("ebs", STORAGE_QUOTAS[kind], clients),
      used: await storageUsed(kind, clients),
    }));
    if ("row" in answer) return answer.row;
    const { tib, used } = answer.value;
    if (tib === undefined) return unreached(row, STORAGE_QUOTAS[kind]);
    const quota = tib * GIB_PER_TIB;
    const known = these.flatMap(({ size }) => size ?? []);
    // As large as the destination of the same migration, or the largest that is known.
    const needed = sum(known) + (these.length - known.length) * Math.max(1, ...known);
    const found = `${needed} GiB more, ${used} GiB in use, the quota is ${quota} GiB`;
    if (used + needed <= quota) return { ...row, answer: "yes", found };
    const wanted = Math.ceil((used + needed) / GIB_PER_TIB);
    const advice = `Delete volumes that nobody needs, migrate fewer in one stack, or ask for ${wanted} TiB: aws service-quotas request-service-quota-increase --service-code ebs --quota-code ${STORAGE_QUOTAS[kind]} --desired-value ${wanted}`;
    return { ...row, answer: "no", found, advice };
  });
  return Promise.all(rows);
}

async function storageUsed(kind: string, { ec2 }: Clients): Promise<number> {
  const ofKind = { Filters: [{ Name: "volume-type", Values: [kind] }] };
  const volumes = await pages(paginateDescribeVolumes({ client: ec2 }, ofKind), ({ Volumes }) => Volumes);
  return sum(volumes.map(({ Size = 0 }) => Size));
}

/** Undefined where Service Quotas cannot be reached: a network with endpoints for EC2 alone. */
async function quotaOf(
  ServiceCode: string,
  QuotaCode: string,
  { quotas }: Clients,
): Promise<number | undefined> {
  try {
    const { Quota } = await quotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
    return Quota?.Value;
  } catch (error) {
    if (whyUnreached(error as Error) === undefined) throw error;
    return undefined;
  }
}

function unreached(row: Pick<Row, "what" | "migrations">, code: string): Row {
  const found = "Service Quotas cannot be reached";
  const advice = `Look the quota ${code} up in the console, or ask from a network that reaches Service Quotas.`;
  return { ...row, answer: "unknown", found, advice };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
