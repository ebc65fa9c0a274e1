/** EC2's query protocol in front of the local cloud, and of STS as much as EC2's tools ask for: forms in, XML out. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cloud } from "../cloud/cloud";
import { Ec2Error } from "../cloud/errors";
import { callerOf, requireNoBrowser } from "./caller";
import { Clouds } from "./clouds";
import { Door } from "./door";
import { isOfEbs, serveEbs } from "./ebs/ebs";
import { answerQuotas, TARGET } from "./serviceQuotas";
import { requireRight } from "./rights";
import { answerSts, STS_VERSION } from "./sts";
import { element, type XmlElements } from "./xml";

export interface Ec2Server {
  /** For `AWS_ENDPOINT_URL_EC2` and `AWS_ENDPOINT_URL_STS`. */
  url: string;
  close(): Promise<void>;
}

/** Serves a cloud on this machine alone. */
export async function serveEc2(cloud: Cloud | Clouds, port = 0): Promise<Ec2Server> {
  const door = new Door(cloud instanceof Clouds ? cloud : new Clouds(cloud));
  const server = createServer((request, response) => void serve(door, request, response));
  const url = await listen(server, port);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close };
}

/** On the address of this machine itself; gives the URL. Port 0 is any that is free. */
export async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers one request. Never throws: whatever goes wrong is an answer. */
export async function serve(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isOfEbs(request)) return serveEbs(door, request, response);
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") {
    const { status, json } = await answerJson(door, request, target);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(json));
    return;
  }
  // In the answer's text and beside it, as EC2 has it: the SDKs show the one beside it with a refusal.
  const requestId = randomUUID();
  const { status, xml } = await answer(door, request, requestId);
  response.writeHead(status, {
    "content-type": "text/xml;charset=UTF-8",
    "x-amzn-requestid": requestId,
  });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`);
}

/** Of a service that speaks JSON: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
async function answerJson(
  door: Door,
  request: IncomingMessage,
  target: string,
): Promise<{ status: number; json: object }> {
  try {
    requireNoBrowser(request.headers);
    const body = await bodyOf(request);
    const caller = callerOf(request.headers);
    const { settings } = door.cloudOf(caller);
    if (!target.startsWith(TARGET))
      throw new Ec2Error("UnknownOperationException", `The local cloud does not have ${target}`);
    const action = target.slice(TARGET.length);
    const identity = await door.clouds.home.callers.identify(caller.accessKeyId);
    requireRight(`servicequotas:${action}`, identity, "AccessDeniedException");
    return { status: 200, json: await answerQuotas(settings, action, body) };
  } catch (error) {
    const code = error instanceof Ec2Error ? error.code : "InternalError";
    return { status: STATUS[code] ?? 400, json: { __type: code, message: (error as Error).message } };
  }
}

interface Answer {
  status: number;
  xml: string;
}

async function answer(door: Door, request: IncomingMessage, requestId: string): Promise<Answer> {
  let parameters = new Map<string, string>();
  try {
    requireNoBrowser(request.headers);
    parameters = await parametersOf(request);
    const caller = callerOf(request.headers);
    const isSts = parameters.get("Version") === STS_VERSION;
    const content = isSts
      ? await answerSts(door.clouds, caller, parameters)
      : await door.answer(caller, parameters);
    const respond = isSts ? stsResponse : ec2Response;
    return { status: 200, xml: respond(parameters.get("Action") ?? "", content, requestId) };
  } catch (error) {
    return refusal(error as Error, parameters.get("Version") === STS_VERSION, requestId);
  }
}

/** User data is 16 KiB at most; no request of EC2's comes near this. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/** A form's, or of a request by GET those of its address. */
async function parametersOf(request: IncomingMessage): Promise<Map<string, string>> {
  if (request.method === "GET") return new Map(new URL(request.url ?? "/", "http://localhost").searchParams);
  return new Map(new URLSearchParams(await bodyOf(request)));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > BODY_LIMIT_BYTES) {
      throw new Ec2Error("RequestEntityTooLarge", `A request has ${BODY_LIMIT_BYTES} bytes at most`);
    }
  }
  return Buffer.concat(chunks).toString("utf8");
}

function ec2Response(action: string, content: XmlElements, requestId: string): string {
  const namespace = ' xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';
  return element(`${action}Response`, { requestId, ...content }, namespace);
}

function stsResponse(action: string, content: XmlElements, RequestId: string): string {
  const namespace = ` xmlns="https://sts.amazonaws.com/doc/${STS_VERSION}/"`;
  return element(`${action}Response`, { ...content, ResponseMetadata: { RequestId } }, namespace);
}

/** By code; all others are 400. What EC2 answers with 5xx is tried again by every SDK. */
const STATUS: Record<string, number> = {
  AccessDenied: 403,
  AuthFailure: 401,
  DryRunOperation: 412,
  ExpiredToken: 403,
  InternalError: 500,
  MissingAuthenticationToken: 403,
  RequestEntityTooLarge: 413,
  RequestLimitExceeded: 503,
  ServiceUnavailable: 503,
  Unavailable: 503,
  UnauthorizedOperation: 403,
};

function refusal(error: Error, isSts: boolean, requestId: string): Answer {
  const Code = error instanceof Ec2Error ? error.code : "InternalError";
  const Error = { Code, Message: error.message };
  const xml = isSts
    ? element("ErrorResponse", { Error: { Type: "Sender", ...Error }, RequestId: requestId })
    : element("Response", { Errors: { Error }, RequestID: requestId });
  return { status: STATUS[Code] ?? 400, xml };
}
