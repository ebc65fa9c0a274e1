/** EBS' direct APIs as far as a snapshot is read: https://docs.aws.amazon.com/ebs/latest/APIReference/API_Operations.html */
import type { IncomingMessage, ServerResponse } from "node:http";
import { randomUUID } from "node:crypto";
import { ec2Arn } from "../../cloud/account";
import type { EbsAction } from "../../cloud/actions";
import type { Cloud } from "../../cloud/cloud";
import { Ec2Error } from "../../cloud/errors";
import { defaultKmsKey } from "../../cloud/settings";
import type { Caller } from "../action";
import { callerOf, requireNoBrowser } from "../caller";
import type { Door } from "../door";
import { requireRight } from "../rights";
import { getSnapshotBlock, listChangedBlocks, listSnapshotBlocks } from "./blocks";
import { EBS_STATUS, EbsError } from "./errors";

const PATH = /^\/snapshots\/([^/]*)\/(?:(changedblocks)|blocks(?:\/([^/]*))?)$/;

/** Whether a request is one of EBS' direct APIs. EC2's and STS' own go to `/`. */
export function isOfEbs({ url = "" }: IncomingMessage): boolean {
  return url.startsWith("/snapshots");
}

/** Answers one request. Never throws: whatever goes wrong is an answer. */
export async function serveEbs(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, headers, body } = await answer(door, request).catch((error: Error) => refusal(error));
  response.writeHead(status, { "x-amzn-requestid": randomUUID(), ...headers });
  response.end(body);
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

async function answer(door: Door, request: IncomingMessage): Promise<Answer> {
  requireNoBrowser(request.headers);
  const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://localhost");
  const [, snapshot = "", changed, index] = PATH.exec(pathname) ?? [];
  if (request.method !== "GET" || !PATH.test(pathname)) throw unknownOperation(request);
  const snapshotId = decodeURIComponent(snapshot);
  const caller = callerOf(request.headers);
  if (changed !== undefined) {
    // A caller has to be allowed both.
    const first = query.get("firstSnapshotId");
    if (first !== null) await admitted(door, caller, "ListChangedBlocks", first);
    const cloud = await admitted(door, caller, "ListChangedBlocks", snapshotId);
    return json(200, await listChangedBlocks(cloud, snapshotId, query));
  }
  const action: EbsAction = index === undefined ? "ListSnapshotBlocks" : "GetSnapshotBlock";
  const cloud = await admitted(door, caller, action, snapshotId);
  if (index === undefined) return json(200, await listSnapshotBlocks(cloud, snapshotId, query));
  const number = /^\d{1,15}$/.test(index) ? Number(index) : NaN;
  const { data, checksum } = await getSnapshotBlock(cloud, snapshotId, number, query.get("blockToken"));
  return {
    status: 200,
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(data.length),
      "x-amz-data-length": String(data.length),
      "x-amz-checksum": checksum,
      "x-amz-checksum-algorithm": "SHA256",
    },
    body: data,
  };
}

/** The cloud of the region, for who may ask it. */
async function admitted(
  { clouds }: Door,
  caller: Caller,
  action: EbsAction,
  snapshotId: string,
): Promise<Cloud> {
  const cloud = clouds.of(caller.region);
  await clouds.home.faults.meet(action);
  const identity = await clouds.home.callers.identify(caller.accessKeyId);
  const record = (await cloud.snapshots.list()).find((one) => one.snapshotId === snapshotId);
  const tags = Object.entries(record?.tags ?? {});
  const context = Object.fromEntries(tags.map(([name, value]) => [`aws:ResourceTag/${name}`, value]));
  const arn = ec2Arn(`snapshot/${snapshotId}`, caller.region);
  requireRight(`ebs:${action}`, identity, DENIED, { arn, context });
  // Whoever reads the blocks has to be allowed the key as well, where that is not the account's own of EBS.
  const key = record?.kmsKeyId;
  if (action === "GetSnapshotBlock" && key !== undefined && key !== defaultKmsKey(caller.region))
    requireRight("kms:Decrypt", identity, DENIED, { arn: key, context: {} });
  return cloud;
}

const DENIED = "AccessDeniedException";

function unknownOperation({ method, url }: IncomingMessage): Ec2Error {
  return new EbsError(
    "ValidationException",
    "INVALID_PARAMETER_VALUE",
    `The local cloud does not have ${method} ${url}. It has ListSnapshotBlocks, ListChangedBlocks and GetSnapshotBlock`,
  );
}

function refusal(error: Error): Answer {
  const code = error instanceof Ec2Error ? error.code : "InternalServerException";
  const reason = error instanceof EbsError ? { Reason: error.reason } : {};
  return json(EBS_STATUS[code] ?? 400, { Message: error.message, ...reason }, { "x-amzn-errortype": code });
}

function json(status: number, body: object, headers: Record<string, string> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}
