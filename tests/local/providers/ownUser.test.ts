/** Who may speak to what runs as root here: real programs of this user and of another one dial it. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { promisify } from "node:util";
import { startLanguageHost } from "../../../local/host/languageHost";
import type { Provider } from "../../../local/providers/provider";
import { listen } from "../../../local/providers/server";
import { ownerOf } from "../../../local/providers/server/ownUser";

/** `nobody`, in Debian and most others. */
const NOBODY = 65_534;
const OWN = process.getuid?.() ?? 0;

/** What a program of that user gets for the first words of a client of gRPC's. */
async function dialled(port: number, uid: number): Promise<string> {
  const program = `
    const socket = require("node:net").connect(${port}, "127.0.0.1");
    let bytes = 0;
    socket.on("data", (data) => { bytes += data.length; socket.destroy(); });
    socket.on("error", () => undefined).on("close", () => console.log(bytes > 0 ? "answered" : "ended"));
    socket.write("PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\0\\0\\0\\x04\\0\\0\\0\\0\\0");`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { uid, cwd: "/" });
  return stdout.trim();
}

const provider: Provider = { name: "test", version: "1.0.0", resources: {}, functions: {} };

describe("what runs as root for the engine", () => {
  const SERVERS: [what: string, start: () => Promise<{ port: number; close: () => void }>][] = [
    ["a provider", () => listen(provider)],
    [
      "the language host",
      async () => {
        const { address, close } = await startLanguageHost(() => ({ command: ["false"], env: {} }));
        return { port: Number(address.split(":")[1]), close };
      },
    ],
  ];
  for (const [what, start] of SERVERS) {
    it(`answers programs of its own user, and no others: ${what}`, async function () {
      // To be another user a test has to be root.
      if (OWN !== 0) this.skip();
      this.timeout(60_000);
      const { port, close } = await start();
      try {
        assert.equal(await dialled(port, OWN), "answered");
        assert.equal(await dialled(port, NOBODY), "ended");
        assert.equal(await dialled(port, OWN), "answered");
      } finally {
        close();
      }
    });
  }
});

describe("the owner of a connection's other end", () => {
  const HEAD =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
  const line = (local: string, remote: string, state: string, uid: number, inode: number) =>
    `   7: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${uid} 0 ${inode} 1 0000000000000000 20 4 30 10 -1`;
  const PEER = "0100007F:9C41";
  const SELF = "0100007F:1F90";
  const ofPeer = (...lines: string[]) => ownerOf([HEAD, ...lines, ""].join("\n"), PEER, SELF);

  it("is the user's whose socket it is, not the server's own end's", () => {
    const own = line(SELF, PEER, "01", 0, 11);
    assert.equal(ofPeer(own, line(PEER, SELF, "01", 1000, 12)), 1000);
    assert.equal(ofPeer(own), undefined);
  });

  it("is nobody's once it is closed: Linux says root of it", () => {
    assert.equal(ofPeer(line(PEER, SELF, "05", 0, 0)), undefined);
    assert.equal(ofPeer(line(PEER, SELF, "06", 0, 0)), undefined);
    assert.equal(ofPeer(line(PEER, SELF, "01", 0, 0)), undefined);
    // Half closed: its program is there, and could be any by now.
    assert.equal(ofPeer(line(PEER, SELF, "04", 0, 12)), undefined);
  });

  it("is not that of another connection", () => {
    assert.equal(ofPeer(line("0100007F:9C42", SELF, "01", 0, 12)), undefined);
    assert.equal(ofPeer(line(PEER, "0100007F:1F91", "01", 0, 12)), undefined);
  });

  it("is found in this machine's own table", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    await Promise.all([once(socket, "connect"), once(server, "connection")]);
    const name = (number: number) => `0100007F:${number.toString(16).padStart(4, "0").toUpperCase()}`;
    const table = readFileSync("/proc/net/tcp", "utf8");
    assert.equal(ownerOf(table, name(socket.localPort ?? 0), name(port)), OWN);
    socket.destroy();
    server.close();
  });
});
