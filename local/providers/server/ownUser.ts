/**
 * A server of gRPC's on this machine that answers programs of its own user alone. The engine dials a port of 127.0.0.1 and has no
 * way to show who it is, and any user of the machine can dial that port: what is behind it runs commands, as root.
 */
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface Listening {
  /** Of 127.0.0.1. */
  port: number;
  /** Ends it, with what it is at. */
  close(): void;
}

/** Lets the server listen on a free port. Connections of other users are ended before a byte of theirs is read. */
export async function listenToOwnUser(server: Server): Promise<Listening> {
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = createServer((socket) => {
    if (isOwnUsers(socket)) return injector.injectConnection(socket);
    socket.destroy();
    process.stderr.write(
      "A connection of another user was refused: this answers its own user's engine alone.\n",
    );
  });
  await new Promise<void>((resolve, reject) => {
    sockets.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const close = () => {
    sockets.close();
    server.forceShutdown();
  };
  return { port: (sockets.address() as AddressInfo).port, close };
}

function isOwnUsers({ remoteAddress, remotePort, localAddress, localPort }: Socket): boolean {
  if (!remoteAddress || !remotePort || !localAddress || !localPort) return false;
  const [peer, own] = [hex(remoteAddress, remotePort), hex(localAddress, localPort)];
  return ownerOf(readFileSync("/proc/net/tcp", "utf8"), peer, own) === process.getuid?.();
}

/** As Linux writes an end of a connection there: the address as a number of this machine's, which is little-endian. */
function hex(address: string, port: number): string {
  const bytes = Buffer.from(address.split(".").map(Number).reverse());
  return `${bytes.toString("hex")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
}

const ESTABLISHED = "01";

/**
 * The user whose socket is at the other end, by Linux's table of connections (`/proc/net/tcp`, see proc(5)). Undefined if none
 * is: one that was closed meanwhile has no inode, and would count as root's, whoever had opened it.
 */
export function ownerOf(table: string, peer: string, own: string): number | undefined {
  for (const line of table.split("\n").slice(1)) {
    const [, local, remote, state, , , , uid, , inode] = line.trim().split(/\s+/);
    if (local !== peer || remote !== own) continue;
    return state === ESTABLISHED && inode !== "0" ? Number(uid) : undefined;
  }
  return undefined;
}
