/**
 * What the first dial of a machine tells its user. pulumi-command counts its failures, `Dial 5/90 failed: retrying`, with no
 * word of the cause, until the last of them, half an hour later; and leaves that line standing when it has got through. So this
 * program looks for itself, from the second minute on: it runs where the plugin does, and sees the same network.
 */
import { connect, type Socket } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/command";
import { settled } from "../known";
import { duration, madeBefore, type WaitWorld, worldOf } from "./heartbeat";

/** What comes of a look at a port. */
export type Seen =
  /** A sshd says who it is. */
  | "greeted"
  /** Somebody takes the call, and says nothing. */
  | "silent"
  | "refused"
  | "unanswered"
  | "no-route"
  | "no-name";

/** A machine that is dialled, as its user knows it. */
export interface Dialled {
  /** `the helper` */
  called: string;
  /** Sentences: what lets nobody in, and what refuses a login. */
  checkNetwork: string;
  checkLogin: string;
}

/** What telling of a dial needs of the world. */
export interface DialWorld extends WaitWorld {
  look(host: string, port: number): Promise<Seen>;
}

type ConnectionArgs = pulumi.Unwrap<types.input.remote.ConnectionArgs>;

const MINUTE = 60_000;
/** Longer than a dial may take: what answers in time, answers here as well. */
const LOOK_MILLISECONDS = 20_000;
/** A command that is there already resolves at once; nothing was dialled for it. */
const NOT_DIALLED_MILLISECONDS = 1_000;

/**
 * Says why a command's dial does not get through, once it has tried for two minutes, and again where the cause is another; and,
 * once it has got through, that, in the place of the plugin's last line. Nothing in previews. `after`: what is made before.
 */
export function tellOfDial(
  command: pulumi.CustomResource,
  connection: pulumi.Input<types.input.remote.ConnectionArgs>,
  dialled: Dialled,
  parent: pulumi.Resource,
  after: pulumi.Input<pulumi.Resource[]> = [],
): void {
  if (pulumi.runtime.isDryRun()) return;
  pulumi.all([connection, madeBefore(after)]).apply(async ([to]) => {
    // For good, since the plugin says something each few seconds.
    const world = { ...worldOf(parent, { isStatus: false }), look: lookAt };
    const began = world.now();
    await watchDial(dialled, to as ConnectionArgs, settled(command.id), world);
    if (world.now() - began < NOT_DIALLED_MILLISECONDS || !world.isConnected()) return;
    await pulumi.log.info(`${dialled.called} answers`, command, undefined, true);
  });
}

/** Looks each minute, from the second on, until the end is there or nobody listens any more. */
export async function watchDial(
  dialled: Dialled,
  connection: ConnectionArgs,
  end: Promise<void>,
  world: DialWorld,
): Promise<void> {
  const began = world.now();
  let told = "";
  let hasEnded = false;
  const look = async (): Promise<void> => {
    if (!world.isConnected()) return clearInterval(timer);
    const passed = world.now() - began;
    if (passed < 2 * MINUTE) return;
    const through = connection.proxy;
    const [host, port] = through ? [through.host, through.port] : [connection.host, connection.port];
    const seen = await world.look(host, port ?? 22);
    const cause = describeDial(dialled, connection, seen);
    if (hasEnded || cause === told) return;
    told = cause;
    world.log(`${dialled.called} has let nobody in for ${duration(passed)}: ${cause} Dialling goes on.`);
  };
  const timer = world.every(MINUTE, () => void look());
  await end;
  hasEnded = true;
  clearInterval(timer);
}

/** What was seen of a machine, or of the host before it, and what to check, in sentences. Pure. */
export function describeDial(
  { checkNetwork, checkLogin }: Dialled,
  { host, port = 22, user, proxy }: Pick<ConnectionArgs, "host" | "port" | "user" | "proxy">,
  seen: Seen,
): string {
  const place = proxy ? `the jump host ${proxy.host}:${proxy.port ?? 22}` : `${host}:${port}`;
  const trace = `ssh -v -i KEY ${proxy ? `-J ${proxy.user ?? "root"}@${proxy.host} ` : ""}-p ${port} ${user ?? "root"}@${host} shows more.`;
  switch (seen) {
    case "greeted":
      return proxy
        ? `${place} answers, so it is the login there, the way from there to ${host}:${port}, or the login here. ${checkLogin} ${trace}`
        : `the sshd at ${place} answers, so it is the login that it refuses. ${checkLogin} ${trace}`;
    case "silent":
      return `${place} takes the call and says nothing, so no sshd is at work there. Look at the machine's console.`;
    case "refused":
      return `${place} refuses the connection: nothing listens there yet, or a firewall on the machine refuses it. Look at its console for sshd.`;
    case "unanswered":
      return `nobody answers at ${place}: what is sent there is dropped, or finds no way back. ${checkNetwork}`;
    case "no-route":
      return `this machine knows no way to ${place}. ${checkNetwork}`;
    case "no-name":
      return `nobody knows the name of ${place}. Check it, and this machine's name server.`;
  }
}

/** Calls a port, and waits for what sshd says first. Never rejects. */
export function lookAt(
  host: string,
  port: number,
  milliseconds = LOOK_MILLISECONDS,
  call: (port: number, host: string) => Socket = connect,
): Promise<Seen> {
  return new Promise((resolve) => {
    const socket = call(port, host);
    let isTaken = false;
    const end = (seen: Seen) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(seen);
    };
    const timer = setTimeout(() => end(isTaken ? "silent" : "unanswered"), milliseconds);
    socket.on("connect", () => (isTaken = true));
    socket.on("data", (text) => end(text.toString().startsWith("SSH-") ? "greeted" : "silent"));
    socket.on("end", () => end("silent"));
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => end(isTaken ? "silent" : seenBy(code)));
  });
}

function seenBy(code: string): Seen {
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "no-name";
  return ["ENETUNREACH", "EHOSTUNREACH"].includes(code) ? "no-route" : "unanswered";
}
