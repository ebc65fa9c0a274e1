import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Server, Socket } from "node:net";
import {
  type Dialled,
  type DialWorld,
  describeDial,
  lookAt,
  type Seen,
  watchDial,
} from "../../../components/steps/dials";
import { FakeWorld } from "./fakeWorld";

const DIALLED: Dialled = {
  called: "the helper",
  checkNetwork: "Check the way.",
  checkLogin: "Check the key.",
};
const CONNECTION = { host: "10.0.0.7", port: 22, user: "root" };
const BEHIND = { ...CONNECTION, port: 2222, proxy: { host: "bastion", user: "ops" } };

/** A world that answers as it is told to. */
class DialledWorld extends FakeWorld implements DialWorld {
  readonly looked: string[] = [];
  seen: Seen = "unanswered";

  constructor() {
    super(60_000);
  }

  look = async (host: string, port: number) => {
    this.looked.push(`${host}:${port}`);
    return this.seen;
  };
}

function watch(world: DialledWorld, connection: Parameters<typeof watchDial>[1] = CONNECTION) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { watching: watchDial(DIALLED, connection, ended, world), end };
}

describe("a dial that does not get through", () => {
  it("says nothing in its first minute, and its cause and what to check from the second on, once", async () => {
    const world = new DialledWorld();
    const { watching, end } = watch(world);
    await world.pass(1);
    assert.deepEqual([world.said, world.looked], [[], []]);
    await world.pass(4);
    end();
    await watching;
    assert.deepEqual(world.said, [
      "the helper has let nobody in for 2 min 0 s: nobody answers at 10.0.0.7:22: what is sent there is dropped, or finds no way " +
        "back. Check the way. Dialling goes on.",
    ]);
    assert.deepEqual(world.looked, Array(4).fill("10.0.0.7:22"));
  });

  it("says another cause as well", async () => {
    const world = new DialledWorld();
    const { watching, end } = watch(world);
    await world.pass(2);
    world.seen = "greeted";
    await world.pass(2);
    end();
    await watching;
    assert.equal(world.said.length, 2);
    assert.match(
      world.said[1],
      /^the helper has let nobody in for 3 min 0 s: the sshd at 10\.0\.0\.7:22 answers, so it is the login/,
    );
  });

  it("looks at the jump host where there is one", async () => {
    const world = new DialledWorld();
    const { watching, end } = watch(world, BEHIND);
    await world.pass(2);
    end();
    await watching;
    assert.deepEqual(world.looked, ["bastion:22"]);
  });

  it("says nothing any more once it has got through, or nobody listens", async () => {
    const through = new DialledWorld();
    const { watching, end } = watch(through);
    end();
    await watching;
    await through.pass(5);
    const alone = new DialledWorld();
    watch(alone);
    alone.connected = false;
    await alone.pass(5);
    assert.deepEqual([through.said, alone.said, alone.beats], [[], [], false]);
  });

  const SENTENCES: [seen: Seen, connection: typeof CONNECTION | typeof BEHIND, said: RegExp][] = [
    [
      "greeted",
      CONNECTION,
      /^the sshd at 10\.0\.0\.7:22 answers, so it is the login that it refuses\. Check the key\. ssh -v -i KEY -p 22 root@10\.0\.0\.7 shows more\.$/,
    ],
    [
      "greeted",
      BEHIND,
      /^the jump host bastion:22 answers, so it is the login there, the way from there to 10\.0\.0\.7:2222, or the login here\. Check the key\. ssh -v -i KEY -J ops@bastion -p 2222 root@10\.0\.0\.7 shows more\.$/,
    ],
    ["silent", CONNECTION, /says nothing, so no sshd is at work there\. Look at the machine's console\.$/],
    [
      "refused",
      CONNECTION,
      /^10\.0\.0\.7:22 refuses the connection: nothing listens there yet, or a firewall/,
    ],
    ["refused", BEHIND, /^the jump host bastion:22 refuses the connection/],
    ["no-route", CONNECTION, /^this machine knows no way to 10\.0\.0\.7:22\. Check the way\.$/],
    ["no-name", BEHIND, /^nobody knows the name of the jump host bastion:22\. Check it/],
  ];
  for (const [seen, connection, said] of SENTENCES) {
    it(`is told by what is seen of it: ${seen}${"proxy" in connection ? ", through a jump host" : ""}`, () =>
      assert.match(describeDial(DIALLED, connection, seen), said));
  }
});

describe("a look at a port", () => {
  const servers: Server[] = [];
  after(() => servers.forEach((server) => server.close()));

  /** The port of a server that does this to whoever calls. */
  async function serve(answer: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => answer(socket.on("error", () => undefined)));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  it("sees a sshd by its first words", async () => {
    assert.equal(
      await lookAt("127.0.0.1", await serve((socket) => socket.write("SSH-2.0-OpenSSH_5.3\r\n"))),
      "greeted",
    );
  });

  it("sees who takes the call and says nothing, hangs up, or speaks of something else", async () => {
    assert.equal(await lookAt("127.0.0.1", await serve(() => undefined), 200), "silent");
    assert.equal(await lookAt("127.0.0.1", await serve((socket) => socket.end())), "silent");
    assert.equal(await lookAt("127.0.0.1", await serve((socket) => socket.destroy())), "silent");
    assert.equal(
      await lookAt("127.0.0.1", await serve((socket) => socket.write("HTTP/1.1 400\r\n"))),
      "silent",
    );
  });

  it("sees a port that refuses", async () => {
    const port = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    assert.equal(await lookAt("127.0.0.1", port), "refused");
  });

  it("sees that nobody answers", async () => {
    assert.equal(await lookAt("10.0.0.7", 22, 50, () => new Socket()), "unanswered");
  });

  for (const [code, seen] of [
    ["ENOTFOUND", "no-name"],
    ["EHOSTUNREACH", "no-route"],
    ["ENETUNREACH", "no-route"],
    ["ETIMEDOUT", "unanswered"],
  ] as const) {
    it(`takes ${code} for ${seen}`, async () => {
      const call = () => {
        const socket = new Socket();
        setImmediate(() => socket.emit("error", Object.assign(new Error(code), { code })));
        return socket;
      };
      assert.equal(await lookAt("10.0.0.7", 22, 5000, call), seen);
    });
  }
});
