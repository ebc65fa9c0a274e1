/** AWS' Service Quotas as far as a preflight asks: what an account may have at once in a region. */
import { Ec2Error } from "../cloud/errors";
import type { Settings } from "../cloud/settings";

interface Quota {
  code: string;
  service: "ec2" | "ebs";
  name: string;
  /** Of a new account: https://docs.aws.amazon.com/general/latest/gr/ec2-service.html and ebs-service.html */
  value: number;
  unit: string;
}

/** Codes and names: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
export const QUOTAS: Quota[] = [
  {
    ...{ code: "L-1216C47A", service: "ec2", value: 64, unit: "None" },
    name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
  },
  { code: "L-74FC7D96", service: "ec2", name: "Running On-Demand F instances", value: 0, unit: "None" },
  {
    code: "L-DB2E81BA",
    service: "ec2",
    name: "Running On-Demand G and VT instances",
    value: 0,
    unit: "None",
  },
  { code: "L-417A185B", service: "ec2", name: "Running On-Demand P instances", value: 0, unit: "None" },
  { code: "L-7295265B", service: "ec2", name: "Running On-Demand X instances", value: 0, unit: "None" },
  {
    ...{ code: "L-7A658B76", service: "ebs", value: 50, unit: "Terabytes" },
    name: "Storage for General Purpose SSD (gp3) volumes, in TiB",
  },
  {
    ...{ code: "L-D18FCD1D", service: "ebs", value: 50, unit: "Terabytes" },
    name: "Storage for General Purpose SSD (gp2) volumes, in TiB",
  },
];

/** What a request's header `X-Amz-Target` begins with. */
export const TARGET = "ServiceQuotasV20190624.";

interface Asked {
  ServiceCode?: string;
  QuotaCode?: string;
}

/** The answer to one call, as JSON. @throws Ec2Error by Service Quotas' code */
export async function answerQuotas(settings: Settings, action: string, body: string): Promise<object> {
  const asked = parsed(body);
  const { quotas } = await settings.read();
  switch (action) {
    case "GetServiceQuota":
      return { Quota: shown(find(asked), quotas) };
    case "ListServiceQuotas":
      return {
        Quotas: QUOTAS.filter(({ service }) => service === asked.ServiceCode).map((quota) =>
          shown(quota, quotas),
        ),
      };
    default:
      throw new Ec2Error(
        "UnknownOperationException",
        `The local cloud does not have Service Quotas' ${action}. It has GetServiceQuota and ListServiceQuotas.`,
      );
  }
}

function parsed(body: string): Asked {
  try {
    return JSON.parse(body || "{}") as Asked;
  } catch {
    throw new Ec2Error("SerializationException", "The request's body is no JSON");
  }
}

function find({ ServiceCode, QuotaCode }: Asked): Quota {
  const found = QUOTAS.find(({ code, service }) => code === QuotaCode && service === ServiceCode);
  if (found) return found;
  throw new Ec2Error(
    "NoSuchResourceException",
    `The local cloud has no quota ${QuotaCode ?? ""} of ${ServiceCode ?? "no service"}. It has ${codes()}`,
  );
}

function codes(): string {
  return QUOTAS.map(({ code, service }) => `${code} (${service})`).join(", ");
}

function shown({ code, service, name, value, unit }: Quota, changed: Record<string, number>): object {
  return {
    ...{
      ServiceCode: service,
      QuotaCode: code,
      QuotaName: name,
      Unit: unit,
      Adjustable: true,
      GlobalQuota: false,
    },
    Value: changed[code] ?? value,
  };
}

/** Gives a quota another value. @throws Error for a code that there is not, and for a value that is none. */
export async function changeQuota(settings: Settings, code: string, value: number): Promise<void> {
  if (!QUOTAS.some((quota) => quota.code === code))
    throw new Error(`${code}: no such quota. There are ${codes()}.`);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${value}: a quota is a number of 0 or more.`);
  const { quotas } = await settings.read();
  await settings.change({ quotas: { ...quotas, [code]: value } });
}

/** A line for each quota. */
export async function quotaLines(settings: Settings): Promise<string[]> {
  const { quotas } = await settings.read();
  return QUOTAS.map(
    ({ code, name, value }) => `${code}  ${String(quotas[code] ?? value).padStart(4)}  ${name}`,
  );
}
