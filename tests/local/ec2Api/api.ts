/** A made-up cloud behind EC2's query protocol, and the real SDK in front of it. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { serveEc2 } from "../../../local/ec2Api/server";
import { type Fixture, newFixture } from "../cloud/fixture";

export interface Api extends Fixture {
  client: EC2Client;
  url: string;
  end(): Promise<void>;
}

export async function openApi(): Promise<Api> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const fixture = newFixture();
  const { url, close } = await serveEc2(fixture.cloud);
  const client = new EC2Client({
    region: "us-east-1",
    endpoint: url,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const end = async () => {
    client.destroy();
    await close();
    await fixture.cloud.background.settled();
    fixture.remove();
  };
  return { ...fixture, client, url, end };
}

/** A request as it goes over the wire. */
export async function post(url: string, parameters: Record<string, string>) {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(parameters) });
  return { status: response.status, text: await response.text() };
}
