import { REGION } from "../cloud/account";
import type { Cloud } from "../cloud/cloud";
import { serveEc2 } from "../ec2Api/server";

/** `npm run cloud -- api [PORT]`: serves EC2's query protocol until it is interrupted. */
export async function serveApi(cloud: Cloud, [port = "0"]: string[]): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new Error(`api: ${port} is no port. Name one from 1 to 65535, or none to have a free one taken.`);
  }
  const { url } = await serveEc2(cloud, Number(port));
  console.log(
    [
      `The local cloud answers EC2's query protocol at ${url}, until Ctrl-C. Set this in another shell:\n`,
      ...environmentFor(url).map((line) => `  export ${line}`),
      "\nbeside what `npm run cloud` prints, and `pv-to-hvm sweep` sweeps the local cloud.",
    ].join("\n"),
  );
}

/** Any credentials will do. */
function environmentFor(url: string): string[] {
  return [
    `AWS_ENDPOINT_URL_EC2=${url}`,
    `AWS_REGION=${REGION}`,
    "AWS_ACCESS_KEY_ID=local",
    "AWS_SECRET_ACCESS_KEY=local",
  ];
}
