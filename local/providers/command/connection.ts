/** How a remote resource reaches its machine: the `connection` input, its defaults, and what ssh2 is told. Pure. */
import { createPrivateKey } from "node:crypto";
import { utils, type Algorithms, type ConnectConfig } from "ssh2";
import { UNKNOWN, type CheckFailure, type Properties } from "../provider";
import { privateKeyFile } from "../tls/openssh";

export interface Connection {
  host: string;
  port: number;
  user: string;
  password?: string;
  privateKey?: string;
  /** For an encrypted private key. */
  privateKeyPassword?: string;
  /** A line as in known_hosts without its first word, `ssh-ed25519 AAAA…`. Absent: any host key is taken. */
  hostKey?: string;
  /** How many dials may fail before it is given up; -1 for no limit. */
  dialErrorLimit: number;
  /** Seconds for one dial; 0 for no limit. */
  perDialTimeout: number;
  /** Default: SSH_AUTH_SOCK. */
  agentSocketPath?: string;
  /** A machine in between. */
  proxy?: Connection;
}

/** Those of `@pulumi/command` 1.2.1. */
export const CONNECTION_DEFAULTS = { port: 22, user: "root", dialErrorLimit: 10, perDialTimeout: 15 };

/** Fills the defaults in. Leaves what is not known yet alone. */
export function withDefaults(connection: unknown): unknown {
  if (typeof connection !== "object" || connection === null) return connection;
  const given = connection as Properties;
  const complete = { ...CONNECTION_DEFAULTS, ...given };
  return given.proxy ? { ...complete, proxy: withDefaults(given.proxy) } : complete;
}

/** What the `connection` input lacks. */
export function connectionFailures(connection: unknown): CheckFailure[] {
  if (connection === UNKNOWN) return [];
  if (typeof connection !== "object" || connection === null) {
    return [{ property: "connection", reason: "missing required property" }];
  }
  const given = connection as Properties;
  const host = given.host ? [] : [{ property: "connection.host", reason: "missing required property" }];
  const proxy = given.proxy ? connectionFailures(given.proxy) : [];
  return [
    ...host,
    ...proxy.map((failure) => ({
      ...failure,
      property: failure.property.replace("connection", "connection.proxy"),
    })),
  ];
}

export function endpointOf({ host, port }: Connection): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * What golang.org/x/crypto/ssh 0.48 offers, which the real provider is built on: the SHA-1 algorithms at the ends are
 * all that CentOS 5 and Debian 6 (OpenSSH 4.3 and 5.5) understand.
 */
const ALGORITHMS = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group14-sha1",
  ],
  serverHostKey: [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-256",
    "rsa-sha2-512",
    "ssh-rsa",
  ],
  cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"],
  hmac: [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1",
  ],
} satisfies Algorithms;

/** ssh2's configuration. Throws for a host key or private key that cannot be read. */
export function sshConfig(connection: Connection): ConnectConfig {
  const pinned = connection.hostKey === undefined ? undefined : parseHostKey(connection.hostKey);
  return {
    host: connection.host,
    port: connection.port,
    username: connection.user,
    password: connection.password,
    tryKeyboard: connection.password !== undefined,
    privateKey:
      connection.privateKey && readablePrivateKey(connection.privateKey, connection.privateKeyPassword),
    passphrase: connection.privateKeyPassword,
    agent: connection.agentSocketPath ?? process.env.SSH_AUTH_SOCK,
    readyTimeout: connection.perDialTimeout * 1000,
    // A pinned key asks for its own algorithm and no other, as the real provider does.
    algorithms: { ...ALGORITHMS, ...(pinned && { serverHostKey: [pinned.type as "ssh-rsa"] }) },
    hostVerifier: (key: Buffer) => pinned === undefined || key.equals(pinned.bytes),
  };
}

function parseHostKey(line: string): { type: string; bytes: Buffer } {
  const key = utils.parseKey(line.trim());
  if (key instanceof Error) throw new Error(`failed to parse host key: ${key.message}`);
  return { type: key.type, bytes: key.getPublicSSH() };
}

/** ssh2 reads OpenSSH's form and the old PEM forms; PKCS#8 (tls.PrivateKey's `privateKeyPem` for ED25519) is rewritten. */
function readablePrivateKey(text: string, passphrase?: string): string {
  if (!/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) return text;
  return privateKeyFile(createPrivateKey({ key: text, passphrase }));
}
