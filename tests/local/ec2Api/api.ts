/** A made-up cloud behind EC2's query protocol, and the real SDK in front of it. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { Clouds } from "../../../local/ec2Api/clouds";
import { serveEc2 } from "../../../local/ec2Api/server";
import { type Fixture, newFixture } from "../cloud/fixture";

export interface Api extends Fixture {
  client: EC2Client;
  url: string;
  /** The same in another region, by another access key. */
  clientIn(region: string, accessKeyId?: string): EC2Client;
  end(): Promise<void>;
}

export async function openApi(): Promise<Api> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const fixture = newFixture();
  const options = { openMachine: fixture.machines.open, delayMs: 1 };
  const clouds = new Clouds(fixture.cloud, options);
  const { url, close } = await serveEc2(clouds);
  const clients: EC2Client[] = [];
  const clientIn = (region: string, accessKeyId = "local") => {
    const credentials = { accessKeyId, secretAccessKey: "local" };
    const client = new EC2Client({ region, endpoint: url, credentials });
    clients.push(client);
    return client;
  };
  const end = async () => {
    clients.forEach((client) => client.destroy());
    await close();
    await Promise.all(clouds.all().map(({ background }) => background.settled()));
    fixture.remove();
  };
  return { ...fixture, client: clientIn("us-east-1"), clientIn, url, end };
}

/** By whom and where; the signature is not looked at. */
export function signedBy(accessKeyId: string): { authorization: string } {
  const scope = `${accessKeyId}/20270131/us-east-1/ec2/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
}

export const SIGNED = signedBy("local");

/** A request as it goes over the wire. */
export async function post(url: string, parameters: Record<string, string>, headers = SIGNED) {
  const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(parameters) });
  return { status: response.status, text: await response.text() };
}
