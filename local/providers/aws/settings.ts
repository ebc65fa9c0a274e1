import type { Properties } from "../provider";

/** How AWS is reached, of the provider's configuration. What is absent comes from the environment, as in every SDK of AWS. */
export interface Settings {
  region: string;
  /** Where the two services are. */
  endpoints: { ec2: string; sts: string };
  /** Absent: what the environment and the profile have. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  profile?: string;
  /** How often a request is sent in all. */
  attempts: number;
  /** Whether the credentials are to be tried before anything else. */
  triesCredentials: boolean;
  /** Whether the account is looked up, which is in most names of resources (ARNs). */
  asksForAccount: boolean;
}

/** How often pulumi-aws sends a request that EC2 throttles, where `maxRetries` says nothing else. */
const DEFAULT_ATTEMPTS = 25;

/** Settings of pulumi-aws that say how AWS is reached. `skip…` beyond the two that are read below change nothing here. */
const KNOWN =
  /^(region|version|accessKey|secretKey|token|profile|endpoints|skip[A-Z]\w*|s3UsePathStyle|sharedConfigFiles|sharedCredentialsFiles|maxRetries)$/;

/** Reads the provider's configuration, in which the engine passes text alone. An unknown name is refused. */
export function settingsOf(config: Properties, env: NodeJS.ProcessEnv = process.env): Settings {
  const unknown = Object.keys(config).filter((name) => !KNOWN.test(name));
  if (unknown.length > 0) {
    throw new Error(
      `aws:${unknown.join(", aws:")}: the local stand-in for the provider does not have it. Leave it out, or use the real provider.`,
    );
  }
  return {
    region: regionIn(config, env),
    endpoints: endpointsOf(config, env),
    credentials: credentialsIn(config),
    profile: textIn(config, "profile"),
    attempts: attemptsIn(config),
    triesCredentials: !isTrue(config.skipCredentialsValidation),
    asksForAccount: !isTrue(config.skipRequestingAccountId),
  };
}

function regionIn(config: Properties, env: NodeJS.ProcessEnv): string {
  const region = textIn(config, "region") ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (region) return region;
  throw new Error(
    "aws:region: is not set. Set it with `pulumi config set aws:region us-east-1`, or set AWS_REGION.",
  );
}

/**
 * As the real provider and every SDK of AWS: the configuration's, then the service's own variable, then the common one.
 * There is no fourth: the stand-in never speaks to AWS itself. Where STS has no address of its own, it is EC2's.
 */
function endpointsOf(config: Properties, env: NodeJS.ProcessEnv): Settings["endpoints"] {
  const given = endpointsIn(config);
  const ec2 = given.ec2 ?? env.AWS_ENDPOINT_URL_EC2 ?? env.AWS_ENDPOINT_URL;
  if (!ec2) {
    throw new Error(
      "aws:endpoints: none is set for EC2, and this stand-in for the provider works on the local cloud alone. Set what " +
        "`npm run cloud` prints (AWS_ENDPOINT_URL), or use the real provider.",
    );
  }
  return { ec2, sts: given.sts ?? env.AWS_ENDPOINT_URL_STS ?? env.AWS_ENDPOINT_URL ?? ec2 };
}

/** `[{"ec2": "http://…"}]`, as text: what is no text travels to a provider as JSON. */
function endpointsIn({ endpoints }: Properties): { ec2?: string; sts?: string } {
  if (endpoints === undefined) return {};
  const list: unknown = typeof endpoints === "string" ? parsed(endpoints) : endpoints;
  if (!Array.isArray(list)) {
    throw new Error(
      `aws:endpoints: must be a list like [{"ec2": "http://127.0.0.1:4566"}], got ${String(endpoints)}.`,
    );
  }
  return Object.assign({}, ...(list as object[])) as { ec2?: string; sts?: string };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function credentialsIn(config: Properties): Settings["credentials"] {
  const [accessKeyId, secretAccessKey] = [textIn(config, "accessKey"), textIn(config, "secretKey")];
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: textIn(config, "token") };
}

/** 0 stands for the default, as in pulumi-aws. */
function attemptsIn({ maxRetries = 0 }: Properties): number {
  const attempts = Number(maxRetries);
  if (Number.isInteger(attempts) && attempts >= 0) return attempts || DEFAULT_ATTEMPTS;
  throw new Error(`aws:maxRetries: must be a whole number of 0 or more, got ${String(maxRetries)}.`);
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function textIn(config: Properties, name: string): string | undefined {
  const value = config[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
