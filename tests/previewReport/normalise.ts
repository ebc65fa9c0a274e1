/** Makes two recordings of the same preview equal, and free of the machine that they were made on. Pure. */

/** Of the local cloud's seed: fixed, and named by the configurations. */
const SEEDED = /0{12,}/;

const EC2_ID = /\b(ami|snap|vol|i|sg|eni|subnet|vpc|key|sgr)-[0-9a-f]{17}\b/g;

type Replacement = [pattern: RegExp, by: string];

/** What else differs from run to run. Whatever is inside of a step's own report is there with its quotes escaped. */
const VOLATILE: Replacement[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "2026-01-02T03:04:05Z"],
  [/("duration": )\d+/g, "$11000000000"],
  [/(\\?"seconds\\?": )[\d.]+/g, "$11"],
  [/\b198\.(18|19)\.\d+\.\d+(?!\/)/g, "198.18.0.10"],
  [/\b198-(18|19)-\d+-\d+\b/g, "198-18-0-10"],
  [/(default_\d+_\d+_\d+::)[0-9a-f-]{36}/g, "$1provider"],
  [/(ssh-ed25519 )[A-Za-z0-9+/]+=*/g, "$1AAAAC3NzaC1lZDI1NTE5AAAAIPublicKeyOfThisRecording"],
  [/(BEGIN PUBLIC KEY-----\\n)[A-Za-z0-9+/=]+/g, "$1PublicKeyOfThisRecording"],
  [/\b([0-9a-f]{2}:){15}[0-9a-f]{2}\b/g, "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"],
  [/SHA256:[A-Za-z0-9+/]{43}/g, "SHA256:FingerprintOfThisRecording"],
  // Ids of the stand-ins' own, and names that the engine or the digest of a volume's id ends.
  [/("\w*[iI]d": ")[0-9a-f]{40}"/g, '$10123456789abcdef0123456789abcdef01234567"'],
  [/("id": "(?!(?:ami|snap|vol|i|sg|eni)-0)[\w-]*?)[0-9a-f]{8}"/g, '$101234567"'],
  [/\bvai-[0-9a-f]{10}\b/g, "vai-0123456789"],
  [/("name": "[\w-]+-)[0-9a-f]{7,8}"/g, '$101234567"'],
  [/(000000000000\/[\w-]+-)[0-9a-f]{8}"/g, '$101234567"'],
  // The converter's digest, which each version of it has another of.
  [/("hash": ")[0-9a-f]{64}"/g, `$1${"0123456789abcdef".repeat(4)}"`],
  [/(--expect )[0-9a-f]{16}/g, "$10123456789abcdef"],
];

/** EC2's ids become numbered ones, the same in all recordings that one of these has seen. */
export class Normaliser {
  private readonly ids = new Map<string, string>();

  /** `root`: the folder of the checkout, which becomes `/checkout`. */
  constructor(private readonly root: string) {}

  normalise(recorded: string): string {
    const numbered = recorded
      .replaceAll(this.root, "/checkout")
      .replace(EC2_ID, (id, kind: string) => (SEEDED.test(id) ? id : this.numbered(id, kind)));
    return VOLATILE.reduce((text, [pattern, by]) => text.replace(pattern, by), numbered);
  }

  private numbered(id: string, kind: string): string {
    const known = this.ids.get(id);
    if (known) return known;
    const mine = [...this.ids.keys()].filter((other) => other.startsWith(`${kind}-`)).length + 1;
    const next = `${kind}-0a${String(mine).padStart(15, "0")}`;
    this.ids.set(id, next);
    return next;
  }
}
