/**
 * Whether a text is a private key that ssh can log in with, as nobody is there to be asked for a passphrase. What counts is
 * what pulumi-command takes, which reads keys by golang.org/x/crypto/ssh: PEM of PKCS #1, PKCS #8 and SEC 1, and OpenSSH's
 * own form. Pure. No message shows anything of the text: it may be a secret that went to the wrong place.
 */
import { createPrivateKey } from "node:crypto";
import { opensshKeyProblem } from "./opensshKey";

/** What a text is in the place of a key, and what to do about it, as a problem's `reason` and `fix` are. */
export interface KeyProblem {
  reason: string;
  fix: string;
}

const GIVE_THE_KEY =
  "Give the private key whole, from its line -----BEGIN … PRIVATE KEY----- to its line -----END.";
const TAKE_THE_PASSPHRASE_OFF =
  "Nobody is there to be asked for it: take it off a copy (ssh-keygen -p -N '' -f COPY) and give that, or give another key.";

/** What is wrong with a private key; undefined where nothing is. */
export function privateKeyProblem(text: string): KeyProblem | undefined {
  const [, label, body] = /^-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/m.exec(text) ?? [];
  if (label === undefined) return isNoPem(text);
  if (!label.endsWith("PRIVATE KEY")) return isOther(label);
  if (label === "ENCRYPTED PRIVATE KEY" || /^Proc-Type: 4,ENCRYPTED/m.test(body)) return hasPassphrase();
  if (!/^[ \t]*\r?\n/.test(body)) return lostItsLines();
  if (label === "OPENSSH PRIVATE KEY") return ofOpenssh(body);
  return ofPem(`-----BEGIN ${label}-----${body}-----END ${label}-----\n`);
}

function ofOpenssh(body: string): KeyProblem | undefined {
  const problem = opensshKeyProblem(Buffer.from(body, "base64"));
  if (problem === "passphrase") return hasPassphrase();
  if (problem === "damaged") return isDamaged();
  return problem && isOfNoUse(problem.type);
}

/** Kinds of keys that ssh logs in with, by Node's names, and the curves of those that have several. */
const USABLE = ["rsa", "ed25519", "dsa"];
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];

function ofPem(pem: string): KeyProblem | undefined {
  try {
    const { asymmetricKeyType: type = "unknown", asymmetricKeyDetails } = createPrivateKey(pem);
    const { namedCurve = "" } = asymmetricKeyDetails ?? {};
    if (USABLE.includes(type) || (type === "ec" && CURVES.includes(namedCurve))) return undefined;
    return isOfNoUse(`${type} ${namedCurve}`.trim());
  } catch {
    return isDamaged();
  }
}

function isNoPem(text: string): KeyProblem {
  const no = "is no private key that ssh can use";
  if (/^\s*(ssh-|ecdsa-sha2-|sk-)\S+ AAAA/.test(text)) return isPublic();
  if (/^PuTTY-User-Key-File-/.test(text)) {
    const fix = "Have PuTTYgen write it in OpenSSH's form: puttygen key.ppk -O private-openssh -o key.pem.";
    return { reason: `${no}: it is one in PuTTY's own form`, fix };
  }
  if (/^.+-----BEGIN [A-Z0-9 ]+PRIVATE KEY-----/m.test(text)) {
    const fix = "Remove the blanks or the byte order mark that stand before it on its line.";
    return { reason: `${no}: something stands before -----BEGIN …, which has to begin its line`, fix };
  }
  if (/^-----BEGIN [A-Z0-9 ]+-----/m.test(text)) {
    return { reason: `${no}: it was cut, its last line, -----END …, is not there`, fix: GIVE_THE_KEY };
  }
  if (/[\0\uFFFD]/.test(text)) {
    return { reason: `${no}: it is no text in UTF-8`, fix: `Write it anew as plain text. ${GIVE_THE_KEY}` };
  }
  if (/^\s*(~|\.{0,2}\/|[\w.-]+\/)\S*\s*$|^\s*\S+\.(pem|key|pub)\s*$/.test(text)) {
    const fix = "Give what the file holds; in a stack's configuration, its name as privateKeyFile.";
    return { reason: `${no}: it looks like the name of a file`, fix };
  }
  const lines = text.trim().split("\n").length;
  const size = lines === 1 ? "one line" : `${lines} lines`;
  return { reason: `${no}: it is a text of ${size} without a line -----BEGIN …`, fix: GIVE_THE_KEY };
}

function isOther(label: string): KeyProblem {
  if (label.endsWith("PUBLIC KEY")) return isPublic();
  return {
    reason: `is no private key: it is a ${label.toLowerCase()}`,
    fix: "Give the private key that belongs to it.",
  };
}

function isPublic(): KeyProblem {
  const fix = "Give the private half of the pair: ssh-keygen writes it into the file without .pub.";
  return { reason: "is no private key: it is a public key", fix };
}

function hasPassphrase(): KeyProblem {
  return { reason: "is a private key with a passphrase", fix: TAKE_THE_PASSPHRASE_OFF };
}

function lostItsLines(): KeyProblem {
  const reason = "is a private key that has lost its line breaks";
  return { reason, fix: `${GIVE_THE_KEY} In YAML, put | after the colon and the key below it.` };
}

function isDamaged(): KeyProblem {
  return { reason: "is a private key that is damaged: it cannot be read", fix: GIVE_THE_KEY };
}

function isOfNoUse(type: string): KeyProblem {
  const fix = "Give an RSA, ECDSA (nistp256, nistp384, nistp521) or ed25519 key.";
  return { reason: `is a private key of the type ${type}, which no login is made with`, fix };
}
