import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyTexts } from "../../../local/providers/tls/keyPair";
import { privateKey } from "../../../local/providers/tls/privateKey";

const context = { urn: "urn", log: () => undefined, signal: new AbortController().signal };

describe("tls.PrivateKey", () => {
  const folder = mkdtempSync(join(tmpdir(), "tls-test-"));
  after(() => rmSync(folder, { recursive: true }));

  async function create(given: Record<string, unknown>) {
    const { inputs } = await privateKey.check!(given, undefined, context);
    const { id, state } = await privateKey.create(inputs, context);
    return { id, state: state as unknown as KeyTexts };
  }

  /** Writes a key where ssh-keygen accepts it (nobody else may read it). */
  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, 0o600);
    return path;
  }
  const keygen = (...args: string[]) => execFileSync("ssh-keygen", args, { encoding: "utf8" }).trim();

  const kinds = [
    { given: { algorithm: "ED25519" }, pem: "PRIVATE KEY", line: /^ssh-ed25519 / },
    { given: { algorithm: "RSA", rsaBits: 2048 }, pem: "RSA PRIVATE KEY", line: /^ssh-rsa / },
    { given: { algorithm: "RSA", rsaBits: 3072 }, pem: "RSA PRIVATE KEY", line: /^ssh-rsa / },
    {
      given: { algorithm: "ECDSA", ecdsaCurve: "P256" },
      pem: "EC PRIVATE KEY",
      line: /^ecdsa-sha2-nistp256 /,
    },
    {
      given: { algorithm: "ECDSA", ecdsaCurve: "P521" },
      pem: "EC PRIVATE KEY",
      line: /^ecdsa-sha2-nistp521 /,
    },
  ];
  for (const { given, pem, line } of kinds) {
    const name = Object.values(given).join("-");

    it(`writes ${name} in forms that ssh-keygen reads`, async () => {
      const { state } = await create(given);
      const path = file(name, state.privateKeyOpenssh);
      assert.match(state.publicKeyOpenssh, line);
      assert.equal(keygen("-y", "-f", path), state.publicKeyOpenssh.trim());

      const open = file(`${name}.pub`, state.publicKeyOpenssh);
      assert.equal(keygen("-l", "-E", "sha256", "-f", open).split(" ")[1], state.publicKeyFingerprintSha256);
      assert.equal(
        keygen("-l", "-E", "md5", "-f", open).split(" ")[1],
        `MD5:${state.publicKeyFingerprintMd5}`,
      );
    });

    it(`writes ${name} in PEM forms of one and the same key`, async () => {
      const { state } = await create(given);
      assert.ok(state.privateKeyPem.startsWith(`-----BEGIN ${pem}-----\n`));
      assert.ok(state.privateKeyPemPkcs8.startsWith("-----BEGIN PRIVATE KEY-----\n"));
      for (const text of [state.privateKeyPem, state.privateKeyPemPkcs8]) {
        const open = createPublicKey(createPrivateKey(text)).export({ type: "spki", format: "pem" });
        assert.equal(open, state.publicKeyPem);
      }
    });
  }

  it("leaves the OpenSSH forms of P224 empty, which OpenSSH does not have", async () => {
    const { state } = await create({ algorithm: "ECDSA" });
    assert.equal(state.publicKeyOpenssh, "");
    assert.ok(state.publicKeyPem.startsWith("-----BEGIN PUBLIC KEY-----"));
  });

  it("makes another key each time", async () => {
    const [one, two] = [await create({ algorithm: "ED25519" }), await create({ algorithm: "ED25519" })];
    assert.notEqual(one.id, two.id);
    assert.notEqual(one.state.publicKeyPem, two.state.publicKeyPem);
  });

  it("replaces for every changed input and for nothing else", async () => {
    const rsa = { algorithm: "RSA", rsaBits: 2048, ecdsaCurve: "P224" };
    const diff = (news: object) => privateKey.diff!("id", rsa, { ...rsa, ...news }, {});
    assert.deepEqual(await diff({}), { changed: [], replaces: [] });
    assert.deepEqual(await diff({ rsaBits: 4096 }), { changed: ["rsaBits"], replaces: ["rsaBits"] });
  });

  const wrong = [
    { inputs: { algorithm: "DSA" }, property: "algorithm" },
    { inputs: {}, property: "algorithm" },
    { inputs: { algorithm: "ECDSA", ecdsaCurve: "P225" }, property: "ecdsaCurve" },
  ];
  for (const { inputs, property } of wrong) {
    it(`refuses ${JSON.stringify(inputs)} and names ${property}`, async () => {
      const { failures } = await privateKey.check!(inputs, undefined, context);
      assert.deepEqual(
        failures.map((failure) => failure.property),
        [property],
      );
    });
  }
});
