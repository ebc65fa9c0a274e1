/** Serves something that can be read as a read-only disk, by NBD, at a socket of this machine. */
import { createServer, type Server, type Socket } from "node:net";
import { ByteStream } from "./byteStream";
import {
  COMMAND,
  ERROR,
  exportInfo,
  FIXED_NEWSTYLE,
  MAGIC,
  MOST_AT_ONCE,
  NO_ZEROES,
  OPTION,
  optionReply,
  parseRequest,
  REPLY,
  replyHeader,
  type Request,
  REQUEST_BYTES,
} from "./protocol";

export interface Readable {
  sizeBytes: number;
  read(offset: number, length: number): Promise<Buffer>;
}

export interface NbdServer {
  close(): Promise<void>;
}

/** Listens at the path of a socket. */
export async function serveNbd(disk: Readable, socketPath: string): Promise<NbdServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that goes away in the middle of an answer.
    socket.on("error", () => socket.destroy());
    void converse(disk, socket).finally(() => socket.destroy());
  });
  await listen(server, socketPath);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { close };
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(socketPath, resolve);
  });
}

/** To the end of a connection, or to whatever in it is not NBD. */
async function converse(disk: Readable, socket: Socket): Promise<void> {
  const stream = new ByteStream(socket);
  if (await negotiate(disk, socket, stream)) await serve(disk, socket, stream);
}

/** Whether requests follow. */
async function negotiate({ sizeBytes }: Readable, socket: Socket, stream: ByteStream): Promise<boolean> {
  const flags = Buffer.alloc(2);
  flags.writeUInt16BE(FIXED_NEWSTYLE | NO_ZEROES);
  socket.write(Buffer.concat([MAGIC.greeting, flags]));
  const wanted = (await stream.take(4))?.readUInt32BE() ?? 0;
  for (;;) {
    const head = await stream.take(16);
    if (!head?.subarray(0, 8).equals(MAGIC.option)) return false;
    const option = head.readUInt32BE(8);
    const length = head.readUInt32BE(12);
    if (length > MOST_AT_ONCE) return false;
    if (length > 0) await stream.take(length);
    switch (option) {
      case OPTION.exportName:
        // Its answer has no head, and no kind of information either.
        socket.write(exportInfo(sizeBytes).subarray(2));
        if ((wanted & NO_ZEROES) === 0) socket.write(Buffer.alloc(124));
        return true;
      case OPTION.go:
      case OPTION.info:
        socket.write(optionReply(option, REPLY.info, exportInfo(sizeBytes)));
        socket.write(optionReply(option, REPLY.ack));
        if (option === OPTION.go) return true;
        break;
      case OPTION.list:
        // One export, whose name is empty.
        socket.write(optionReply(option, REPLY.server, Buffer.alloc(4)));
        socket.write(optionReply(option, REPLY.ack));
        break;
      case OPTION.abort:
        socket.write(optionReply(option, REPLY.ack));
        return false;
      default:
        socket.write(optionReply(option, REPLY.unsupported));
    }
  }
}

/** Requests are answered as they are done, in whatever order. */
async function serve(disk: Readable, socket: Socket, stream: ByteStream): Promise<void> {
  for (;;) {
    const bytes = await stream.take(REQUEST_BYTES);
    const request = bytes && parseRequest(bytes);
    // What would be written follows its request, and no client writes to what it was told is read-only.
    if (!request || request.command === COMMAND.disconnect || request.command === COMMAND.write) return;
    void answer(disk, request).then((reply) => {
      // In one go: another answer must not come between the two.
      if (!socket.destroyed) reply.forEach((part) => socket.write(part));
    });
  }
}

async function answer(disk: Readable, { command, handle, offset, length }: Request): Promise<Buffer[]> {
  if (command !== COMMAND.read) return [replyHeader(handle, ERROR.notPermitted)];
  if (length > MOST_AT_ONCE || length === 0 || offset + length > disk.sizeBytes)
    return [replyHeader(handle, ERROR.invalid)];
  try {
    const data = await disk.read(offset, length);
    return [replyHeader(handle, ERROR.none), data];
  } catch {
    // Why, the reader tells its own owner.
    return [replyHeader(handle, ERROR.io)];
  }
}
