import { REGION } from "../cloud/account";
import { ec2Daemon } from "../ec2Api/daemon";
import { endpointsAt } from "../prepare";

/** `npm run cloud -- api [PORT]`: holds the cloud's server until it is interrupted, and says what to set for it. */
export async function serveApi(directory: string, [port = "0"]: string[]): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new Error(`api: ${port} is no port. Name one from 1 to 65535, or none to have a free one taken.`);
  }
  const { url } = await ec2Daemon(directory, { port: Number(port) });
  requirePort(url, Number(port));
  console.log(
    [
      `The local cloud answers EC2's query API at ${url}, until Ctrl-C. Set this in another shell:\n`,
      ...environmentFor(url).map(([name, value]) => `  export ${name}=${value}`),
      "\nThen `aws ec2 …`, AWS' SDKs and `pv-to-hvm sweep` work on the local cloud.",
    ].join("\n"),
  );
  await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
}

/** A server that runs already keeps its port. */
function requirePort(url: string, port: number): void {
  if (port === 0 || Number(new URL(url).port) === port) return;
  throw new Error(
    `api: the local cloud answers at ${url} already, for another program. Use that, or end that program first, then ` +
      "try again.",
  );
}

/** Any credentials will do. */
function environmentFor(url: string): [string, string][] {
  return Object.entries({
    ...endpointsAt({ url }),
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
}
