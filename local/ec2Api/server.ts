/** EC2's query protocol in front of the local cloud: form-encoded actions in, XML out. Not all of EC2, see `HANDLERS`. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cloud } from "../cloud/cloud";
import { Ec2Error } from "../cloud/errors";
import type { Handler } from "./handler";
import { deregisterImage, describeImages } from "./images";
import { describeInstances, terminateInstances } from "./instances";
import { Query } from "./query";
import { deleteSecurityGroup, describeSecurityGroups } from "./securityGroups";
import { deleteSnapshot, describeSnapshots } from "./snapshots";
import { deleteVolume, describeVolumes } from "./volumes";
import { element, type XmlElements } from "./xml";

/** What `pv-to-hvm sweep` needs. */
const HANDLERS = {
  DeleteSecurityGroup: deleteSecurityGroup,
  DeleteSnapshot: deleteSnapshot,
  DeleteVolume: deleteVolume,
  DeregisterImage: deregisterImage,
  DescribeImages: describeImages,
  DescribeInstances: describeInstances,
  DescribeSecurityGroups: describeSecurityGroups,
  DescribeSnapshots: describeSnapshots,
  DescribeVolumes: describeVolumes,
  TerminateInstances: terminateInstances,
} satisfies Record<string, Handler>;

export interface Ec2Server {
  /** For `AWS_ENDPOINT_URL_EC2`. */
  url: string;
  close(): Promise<void>;
}

/** Serves a cloud on this machine alone. Any credentials will do: signatures are not looked at. */
export async function serveEc2(cloud: Cloud, port = 0): Promise<Ec2Server> {
  const server = createServer((request, response) => void serve(cloud, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${taken}`, close };
}

async function serve(cloud: Cloud, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, xml } = await answer(cloud, await bodyOf(request));
  response.writeHead(status, { "content-type": "text/xml;charset=UTF-8" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** The answer to one request's body. */
export async function answer(cloud: Cloud, body: string): Promise<{ status: number; xml: string }> {
  const query = new Query(body);
  try {
    const xml = response(query.action, await perform(cloud, query));
    return { status: 200, xml };
  } catch (error) {
    return refusal(error as Error);
  }
}

async function perform(cloud: Cloud, query: Query): Promise<XmlElements> {
  const { action } = query;
  if (!isHandled(action)) {
    throw new Ec2Error(
      "InvalidAction",
      `The action ${action} is not valid for this web service. The local cloud has ${Object.keys(HANDLERS).join(", ")}.`,
    );
  }
  const work = HANDLERS[action](cloud, query);
  query.requireAllTaken();
  return cloud.request(action, work);
}

function isHandled(action: string): action is keyof typeof HANDLERS {
  return Object.hasOwn(HANDLERS, action);
}

function response(action: string, content: XmlElements): string {
  const namespace = ' xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';
  return element(`${action}Response`, { requestId: randomUUID(), ...content }, namespace);
}

/** What EC2 answers with 5xx is tried again by every SDK. */
const UNAVAILABLE = ["RequestLimitExceeded", "InternalError", "Unavailable", "ServiceUnavailable"];

function refusal(error: Error): { status: number; xml: string } {
  const code = error instanceof Ec2Error ? error.code : "InternalError";
  const Errors = { Error: { Code: code, Message: error.message } };
  const xml = element("Response", { Errors, RequestID: randomUUID() });
  return { status: UNAVAILABLE.includes(code) ? 503 : 400, xml };
}
