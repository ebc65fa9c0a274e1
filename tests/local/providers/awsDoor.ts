/** The aws provider in front of a cloud, with EC2's API between them. */
import type { Cloud } from "../../../local/cloud/cloud";
import { serveEc2 } from "../../../local/ec2Api/server";
import { Client } from "../../../local/providers/aws/client";
import { awsProvider } from "../../../local/providers/aws/provider";
import type { Properties, Provider } from "../../../local/providers/provider";

export interface OpenedAws {
  provider: Provider;
  /** The provider's configuration, to be given again with more. */
  config: Properties;
  close(): Promise<void>;
}

/** Nothing waits for longer than it has to. */
export async function openAws(cloud: Cloud): Promise<OpenedAws> {
  const { url, close } = await serveEc2(cloud);
  const config = configFor(url);
  const provider = awsProvider(new Client({ everyMs: 5, pauseMs: 1 }));
  await provider.configure?.(config);
  return { provider, config, close };
}

/** What is no text travels to a provider as JSON. */
export function configFor(url: string): Properties {
  const endpoints = JSON.stringify([{ ec2: url, sts: url }]);
  return { region: "us-east-1", accessKey: "local", secretKey: "local", endpoints };
}

/** A refusal's whole message, in pulumi-aws's words; the request's id is any. */
export function refusal(doing: string, action: string, code: string, text: string, status = 400): RegExp {
  const words = [
    `${doing}: operation error EC2: ${action}, https response error StatusCode: ${status}, RequestID: `,
    `, api error ${code}: ${text}`,
  ].map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${words.join("[-0-9a-f]{36}")}$`);
}
