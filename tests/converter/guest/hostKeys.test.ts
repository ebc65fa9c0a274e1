import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fingerprintOfKey, readHostKeys } from "../../../converter/guest/hostKeys";
import { GuestTree } from "../../../converter/guest/tree";

describe("the host keys on a guest's disk", () => {
  let root: string;
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "host-keys-"));
    fs.mkdirSync(path.join(root, "etc/ssh"), { recursive: true });
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  const file = (name: string) => path.join(root, "etc/ssh", name);

  it("are those that ssh-keygen made, with the fingerprints that it tells", () => {
    for (const kind of ["rsa", "ecdsa", "ed25519"])
      execFileSync("ssh-keygen", [
        "-q",
        "-t",
        kind,
        "-N",
        "",
        "-C",
        "root@old",
        "-f",
        file(`ssh_host_${kind}_key`),
      ]);
    const keys = readHostKeys(new GuestTree(root)) ?? [];
    assert.deepEqual(
      keys.map((key) => key.split(" ")[0]),
      ["ecdsa-sha2-nistp256", "ssh-ed25519", "ssh-rsa"],
    );
    const told = ["ecdsa", "ed25519", "rsa"].map((kind) =>
      execFileSync("ssh-keygen", ["-l", "-E", "sha256", "-f", file(`ssh_host_${kind}_key.pub`)], {
        encoding: "utf8",
      }),
    );
    keys.forEach((key, index) =>
      assert.ok(told[index].includes(fingerprintOfKey(key).split(" ")[1]), told[index]),
    );
  });

  it("are none where there are none, and none of what is no public key", () => {
    assert.equal(readHostKeys(new GuestTree(root)), undefined);
    fs.writeFileSync(file("ssh_host_rsa_key.pub"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n");
    fs.writeFileSync(file("ssh_host_dsa_key.pub"), "ssh-dss AAAA\u001b[31m= x\n");
    fs.writeFileSync(file("ssh_host_key"), "ssh-rsa AAAAB3 x\n");
    execFileSync("mkfifo", [file("ssh_host_ecdsa_key.pub")]);
    fs.symlinkSync("/proc/self/environ", file("ssh_host_ed25519_key.pub"));
    assert.equal(readHostKeys(new GuestTree(root)), undefined);
    fs.rmSync(path.join(root, "etc"), { recursive: true });
    assert.equal(readHostKeys(new GuestTree(root)), undefined);
  });
});
