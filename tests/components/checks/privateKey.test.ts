import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyProblem } from "../../../components/checks/privateKey";
import { keyCalled } from "../keys";

const GIVE_THE_KEY =
  "Give the private key whole, from its line -----BEGIN … PRIVATE KEY----- to its line -----END.";
const NO = "is no private key that ssh can use";
const README = "# Keys\n\nThe keys of this team are in the vault.\n";

describe("a private key", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "keys-"))));
  after(() => rmSync(folder, { recursive: true }));

  /** What ssh-keygen makes with these options. */
  function made(name: string, ...options: string[]): string {
    const file = join(folder, name);
    const passphrase = options.includes("-N") ? [] : ["-N", ""];
    execFileSync("ssh-keygen", ["-q", "-f", file, "-C", "a@b", ...passphrase, ...options]);
    return readFileSync(file, "utf8");
  }

  /** Whether OpenSSH reads it without a passphrase. */
  function isReadByOpenssh(text: string): boolean {
    const file = join(folder, "judged");
    writeFileSync(file, text, { mode: 0o600 });
    const { status } = spawnSync("ssh-keygen", ["-y", "-P", "", "-f", file]);
    return status === 0;
  }

  const RSA = ["-t", "rsa", "-b", "1024"];
  const KINDS: [title: string, options: string[]][] = [
    ["RSA, in OpenSSH's form", RSA],
    ["RSA, in PEM of PKCS #1, as EC2 gives it", [...RSA, "-m", "PEM"]],
    ["RSA, in PEM of PKCS #8", [...RSA, "-m", "PKCS8"]],
    ["ed25519, in OpenSSH's form", ["-t", "ed25519"]],
    ["ECDSA of 256 bits, in OpenSSH's form", ["-t", "ecdsa", "-b", "256"]],
    ["ECDSA of 384 bits, in PEM of SEC 1", ["-t", "ecdsa", "-b", "384", "-m", "PEM"]],
    ["ECDSA of 521 bits, in PEM of PKCS #8", ["-t", "ecdsa", "-b", "521", "-m", "PKCS8"]],
  ];
  for (const [index, [title, options]] of KINDS.entries()) {
    it(`is taken: ${title}`, () => {
      const key = made(`good-${index}`, ...options);
      assert.equal(isReadByOpenssh(key), true);
      assert.equal(privateKeyProblem(key), undefined);
      assert.equal(
        privateKeyProblem(`Bag Attributes\n  name: web\n${key}`),
        undefined,
        "with a text before it",
      );
      assert.equal(privateKeyProblem(key.replaceAll("\n", "\r\n")), undefined, "with Windows' line ends");
    });

    it(`is refused with a passphrase: ${title}`, () => {
      const key = made(`locked-${index}`, ...options, "-N", "open sesame");
      assert.equal(isReadByOpenssh(key), false);
      assert.equal(privateKeyProblem(key)?.reason, "is a private key with a passphrase");
    });

    it(`is refused where it was cut, and where its line breaks were lost: ${title}`, () => {
      const key = readFileSync(join(folder, `good-${index}`), "utf8");
      const lines = key.trimEnd().split("\n");
      const half = [...lines.slice(0, lines.length / 2), lines[lines.length - 1], ""].join("\n");
      for (const [text, reason] of [
        [half, "is a private key that is damaged: it cannot be read"],
        [lines.slice(0, -1).join("\n"), `${NO}: it was cut, its last line, -----END …, is not there`],
        [lines.join(" "), "is a private key that has lost its line breaks"],
        [lines.join("\\n"), "is a private key that has lost its line breaks"],
      ]) {
        assert.equal(isReadByOpenssh(text), false, text);
        assert.equal(privateKeyProblem(text)?.reason, reason);
      }
    });

    it(`is refused in the place of its private half: the public one of ${title}`, () => {
      assert.deepEqual(privateKeyProblem(readFileSync(join(folder, `good-${index}.pub`), "utf8")), {
        reason: "is no private key: it is a public key",
        fix: "Give the private half of the pair: ssh-keygen writes it into the file without .pub.",
      });
    });
  }

  const pem = (type: "x25519" | "ed448") =>
    generateKeyPairSync(type as "x25519")
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString();
  const ec = (namedCurve: string) =>
    generateKeyPairSync("ec", { namedCurve }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const spki = () =>
    generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
  /** OpenSSH's form around a type of its own, as a key on a token has it. */
  const onToken = () => {
    const text = (value: Buffer | string) => {
      const bytes = Buffer.from(value);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    };
    const type = text("sk-ssh-ed25519@openssh.com");
    const key = Buffer.concat([
      ...[Buffer.from("openssh-key-v1\0"), text("none"), text("none"), text("")],
      ...[Buffer.from([0, 0, 0, 1]), text(type), text(Buffer.concat([Buffer.alloc(8), type]))],
    ]);
    const lines = key.toString("base64").replace(/(.{70})/g, "$1\n");
    return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
  };
  const NO_USE = "Give an RSA, ECDSA (nistp256, nistp384, nistp521) or ed25519 key.";

  const OTHERS: [title: string, text: () => string, reason: string, fix: string][] = [
    ["a README", () => README, `${NO}: it is a text of 3 lines without a line -----BEGIN …`, GIVE_THE_KEY],
    [
      "a password",
      () => "open sesame",
      `${NO}: it is a text of one line without a line -----BEGIN …`,
      GIVE_THE_KEY,
    ],
    [
      "a public key in PEM",
      spki,
      "is no private key: it is a public key",
      "Give the private half of the pair: ssh-keygen writes it into the file without .pub.",
    ],
    [
      "a certificate",
      () => "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
      "is no private key: it is a certificate",
      "Give the private key that belongs to it.",
    ],
    [
      "a key of PuTTY's",
      () => "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n",
      `${NO}: it is one in PuTTY's own form`,
      "Have PuTTYgen write it in OpenSSH's form: puttygen key.ppk -O private-openssh -o key.pem.",
    ],
    [
      "the name of its file",
      () => "~/.ssh/id_rsa",
      `${NO}: it looks like the name of a file`,
      "Give what the file holds; in a stack's configuration, its name as privateKeyFile.",
    ],
    ...["  ", "\uFEFF"].map((before): [string, () => string, string, string] => [
      `a key that ${JSON.stringify(before)} stands before`,
      () => keyCalled("").trimStart().replace(/^/, before),
      `${NO}: something stands before -----BEGIN …, which has to begin its line`,
      "Remove the blanks or the byte order mark that stand before it on its line.",
    ]),
    [
      "a key in UTF-16",
      () => Buffer.from(keyCalled(""), "utf16le").toString("utf8"),
      `${NO}: it is no text in UTF-8`,
      `Write it anew as plain text. ${GIVE_THE_KEY}`,
    ],
    [
      "a key that agrees on secrets",
      () => pem("x25519"),
      "is a private key of the type x25519, which no login is made with",
      NO_USE,
    ],
    [
      "a key on a curve of Bitcoin's",
      () => ec("secp256k1"),
      "is a private key of the type ec secp256k1, which no login is made with",
      NO_USE,
    ],
    [
      "a key that stays on its token",
      onToken,
      "is a private key of the type sk-ssh-ed25519@openssh.com, which no login is made with",
      NO_USE,
    ],
  ];
  for (const [title, text, reason, fix] of OTHERS) {
    it(`is not ${title}`, () => assert.deepEqual(privateKeyProblem(text()), { reason, fix }));
  }

  it("that tests use is one that OpenSSH reads", () => {
    const key = keyCalled("A-WORD");
    assert.equal(isReadByOpenssh(key), true);
    assert.equal(privateKeyProblem(key), undefined);
  });

  it("is never shown, nor what stands in its place", () => {
    for (const text of [README, "open sesame", keyCalled("WORD").replace("END", "EN")]) {
      const { reason, fix } = privateKeyProblem(text)!;
      for (const word of ["vault", "sesame", "WORD", "MHcC"]) assert.ok(!`${reason} ${fix}`.includes(word));
    }
  });
});
