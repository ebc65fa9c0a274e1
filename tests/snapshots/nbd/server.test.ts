/** The server of a disk by NBD, judged by QEMU's own clients. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { type NbdServer, type Readable, serveNbd } from "../../../snapshots/nbd/server";
import { noise, removeFolders, scratchFolder } from "../../converter/disk/images";

const BYTES = noise(3 * 1024 * 1024 + 512, "a disk");

describe("a disk by NBD", function () {
  this.timeout(60_000);
  let folder: string;
  let server: NbdServer;
  let failing: string | undefined;
  const disk: Readable = {
    sizeBytes: BYTES.length,
    read: async (offset, length) => {
      if (failing !== undefined) throw new Error(failing);
      return BYTES.subarray(offset, offset + length);
    },
  };
  beforeEach(async () => {
    failing = undefined;
    folder = scratchFolder();
    server = await serveNbd(disk, join(folder, "nbd"));
  });
  afterEach(async () => {
    await server.close();
    removeFolders();
  });

  const uri = () => `nbd+unix:///?socket=${join(folder, "nbd")}`;
  const qemuImg = (...words: string[]) => promisify(execFile)("qemu-img", words);

  it("is read by qemu-img, byte for byte", async () => {
    const copy = join(folder, "copy");
    await qemuImg("convert", "-f", "raw", "-O", "raw", uri(), copy);
    assert.equal(statSync(copy).size, BYTES.length);
    assert.ok(readFileSync(copy).equals(BYTES));
  });

  it("has its size, and cannot be written to", async () => {
    const { stdout } = await qemuImg("info", "--output=json", "-f", "raw", uri());
    assert.equal((JSON.parse(stdout) as { "virtual-size": number })["virtual-size"], BYTES.length);
    await assert.rejects(promisify(execFile)("qemu-io", ["-f", "raw", "-c", "write 0 512", uri()]), {
      stderr: /Permission denied/,
    });
  });

  it("says that it cannot be read, and goes on", async () => {
    failing = "AWS said no";
    await assert.rejects(qemuImg("convert", "-f", "raw", "-O", "raw", uri(), join(folder, "copy")), {
      stderr: /Input\/output error/,
    });
    failing = undefined;
    await qemuImg("convert", "-f", "raw", "-O", "raw", uri(), join(folder, "copy"));
  });

  it("hangs up on who speaks something else, and serves the next", async () => {
    const socket = connect(join(folder, "nbd"));
    socket.on("error", () => undefined);
    socket.write(Buffer.alloc(4096, "GET / HTTP/1.1\r\n"));
    await new Promise((resolve) => socket.on("close", resolve).resume());
    await qemuImg("info", "-f", "raw", uri());
  });
});
