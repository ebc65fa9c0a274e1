/** `ec2-api FOLDER [PORT]`: serves the cloud in a folder, until nobody holds it any more. Started by `daemon.ts` alone. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { Cloud } from "../cloud/cloud";
import { FileLock } from "../cloud/lock";
import { ownProcess } from "../cloud/processId";
import { useSeededToolbox } from "../cloud/seed";
import { Clouds } from "./clouds";
import {
  FOLDER_HEADER,
  HOLD_PATH,
  holdRunning,
  readDaemonRecord,
  STAY_PATH,
  writeDaemonRecord,
} from "./daemon";
import { Door } from "./door";
import { Holders } from "./holders";
import { listen, serve } from "./server";

/** How often it is looked whether anybody still needs the server. */
const LOOK_MS = 500;

async function main([directory, port = "0"]: string[]): Promise<void> {
  // Whoever starts it by hand has set nothing: machines run out of the image that the cloud has.
  useSeededToolbox(directory);
  const lock = new FileLock(join(directory, "ec2-api.lock"));
  const begun = await lock.hold(async () => {
    const other = await holdRunning(directory);
    other?.release();
    return other ? undefined : begin(directory, Number(port));
  });
  await begun?.ended;
}

/** Listens, and says so; `ended` resolves when it has ended. */
async function begin(directory: string, port: number): Promise<{ ended: Promise<void> }> {
  const clouds = new Clouds(new Cloud(directory));
  const door = new Door(clouds);
  const holders = new Holders();
  const server = createServer((request, response) => {
    holders.noteRequest();
    if (!answerHolder(directory, holders, request, response)) void serve(door, request, response);
  });
  const before = readDaemonRecord(directory);
  const wanted = port || Number(before ? new URL(before.url).port : 0);
  const url = await listen(server, wanted).catch((error: NodeJS.ErrnoException) => {
    if (port !== 0 || error.code !== "EADDRINUSE") throw error;
    return listen(server, 0);
  });
  const { pid, startTime } = ownProcess();
  writeDaemonRecord(directory, { url, pid, startTime });
  const isStillMine = () => readDaemonRecord(directory)?.pid === pid;
  const ended = untilEnd(() => !isStillMine() || !holders.areThere()).then(async () => {
    server.close();
    server.closeAllConnections();
    await Promise.all(clouds.all().map(({ background }) => background.settled()));
  });
  return { ended };
}

/** Resolves at a signal, and where nothing needs the server any more. */
function untilEnd(isOver: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => isOver() && end(), LOOK_MS);
    const end = () => {
      clearInterval(timer);
      resolve();
    };
    process.on("SIGTERM", end).on("SIGINT", end);
  });
}

/** A holder's request, which is answered for as long as it holds; all other requests are EC2's. */
function answerHolder(
  directory: string,
  holders: Holders,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.url !== HOLD_PATH && request.url !== STAY_PATH) return false;
  const isMeant = request.headers[FOLDER_HEADER] === directory;
  response.writeHead(isMeant ? 200 : 404).flushHeaders();
  if (!isMeant) response.end();
  else if (request.url === STAY_PATH) holders.stay();
  else holders.add(response);
  if (request.url === STAY_PATH) response.end();
  return true;
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
