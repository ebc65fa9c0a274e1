/** Takes passwords, tokens, keys and their hashes out of a text that is shown. Pure. */

/** What stands in the place of a secret, however long that is. */
export const MASK = "********";

/** A word as a shell reads it: quoted pieces and escapes are of it. A quote that nothing closes is a character. */
const VALUE = String.raw`(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|\S)+`;
/** The same in a list of options, such as those of a mount, where the next comma ends it. */
const OPTION = String.raw`(?:"[^"]*"|'[^']*'|[^\s,])+`;

/** Names that a secret is given under; what stands before them is of the name as well: `DB_PASSWORD`, `aws_secret_access_key`. */
const NAME =
  "(?:pass(?:word|wd|phrase|code)?|pwd?|secret|token|psk|(?:access|account|api|auth|encryption|secret|shared|signing|storage)[_-]?key(?:[_-]?id)?)";
/** Those of them that begin a line of configuration, with blanks before what they stand for. `Pass 1` is e2fsck's. */
const DIRECTIVE = String.raw`(?!sshpass)[\w.-]*(?:password(?:_pbkdf2)?|passwd|passphrase|\Bpass|\Bpw|secret|masterauth)`;
const LONG_OPTION = String.raw`--[\w-]{0,40}(?:password|passwd|passphrase|pass|secret|token|api-?key)`;

/** A line of fstab: device, folder, type, options. */
const FSTAB = /^[ +-]?\s*\S+\s+(?:\/\S*|none|swap)\s+[\w.-]+\s+\S+(?:\s+\d+){0,2}\s*$/;

/** What is before a secret, the secret, and what is behind it. */
const RULES: RegExp[] = [
  // https://user:password@host, and the same without its scheme, as mounts of old Samba have it.
  /((?:\b[a-z][\w+.-]{0,20}:)?\/\/[^\s/?#@:'"]*:)([^\s/'"]+)(?=@)()/gi,
  // user%password, of Samba's programs and mounts.
  /((?:\buser(?:name)?=|\s-U\s*|--user[= ])[^\s,%]+%)([^\s,]+)()/gi,
  // crypt(5), and what LDAP and GRUB write.
  /()(\$(?:1|2[abxy]?|3|5|6|7|y|gy|sm3|md5|sha1|apr1|argon2\w*|scrypt|P|H)\$[./\w$,=+-]{8,})()/g,
  /(\{(?:S?SHA|SMD5|MD5|CRYPT|PBKDF2)[\w-]*\})(\S+)()/gi,
  /()(\bgrub\.pbkdf2\.\S+)()/gi,
  // passwd and shadow.
  /^([ +-]?[a-z_][\w.-]*:)([^:\s]{13,})(?=:\d*:)()/gi,
  // Keys and tokens that are known by their own form: AWS's, GitHub's, GitLab's, Slack's, Stripe's, Google's, and JWT.
  /(\b(?:AKIA|ASIA)[A-Z0-9]{16}:)(\S+)()/g,
  /()(\b(?:AKIA|ASIA)[A-Z0-9]{16}\b)()/g,
  /()(\b(?:gh[opsur]_|github_pat_|glpat-|xox[abeprs]-|[rs]k_live_|AIza)[\w-]{10,})()/g,
  /()(\beyJ[\w-]{8,400}\.[\w-]{8,2000}(?:\.[\w-]{0,2000})?)()/g,
  new RegExp(`(\\bauthorization["']?\\s*[:=]\\s*["']?(?:\\w+\\s+)?)(${VALUE})()`, "gi"),
  /(\b(?:basic|bearer)\s+)([\w.~+/=-]{16,})()/gi,
  // Options of programs.
  new RegExp(`(${LONG_OPTION}\\s+)(?!-)(${VALUE})()`, "gi"),
  // Settings with blanks between, within a line.
  new RegExp(String.raw`(\bpassword\s+--(?:md5|encrypted)\s+)(${VALUE})()`, "gi"),
  new RegExp(String.raw`(\bpassword_pbkdf2\s+\S+\s+)(${VALUE})()`, "gi"),
  new RegExp(String.raw`(\blogin\s+\S+\s+password\s+)(${VALUE})()`, "gi"),
  /(\bPSK\s+)("[^"]*")()/gi,
  /(\bsecret\s+)("[^"]*")()/gi,
];

/** Programs that are given a secret by a short option, and that option. */
const PROGRAMS: [program: RegExp, option: RegExp][] = [
  [
    /\b(?:mysql\w*|mariadb[\w-]*|mytop|innobackupex|xtrabackup|mydumper|myloader|7z\w?|unrar|rar)\b/i,
    new RegExp(`(\\s-p)(?=\\S)(${VALUE})()`, "g"),
  ],
  [/\b(?:sshpass|mongo\w*|useradd|usermod|ncftp\w*)\b/i, new RegExp(`(\\s-p\\s*)(${VALUE})()`, "g")],
  [/\bldap\w+\b/i, new RegExp(`(\\s-w\\s*)(${VALUE})()`, "g")],
  [/\bredis-cli\b/i, new RegExp(`(\\s-a\\s*)(${VALUE})()`, "g")],
  [/\b(?:un)?zip\b/i, new RegExp(`(\\s-P\\s*)(${VALUE})()`, "g")],
  [/\b(?:curl|lftp|wget)\b/i, /(\s(?:-u|--user)[\s=]*["']?[^\s:,]+[:,])(\S+)()/g],
  [/\bchpasswd\b/i, /(["']?\b[\w.-]+:)([^\s:]+)()/g],
  [/\bhtpasswd\s+-\w*b/i, new RegExp(`(htpasswd\\s+-\\w+\\s+\\S+\\s+\\S+\\s+)(${VALUE})()`, "gi")],
];

/** Of a line in which there can be any: the rules are many, and reports long. */
const MAY_HOLD =
  /pass|pw|secret|token|key|psk|\$\w+\$|@|%|pbkdf2|\}|AKIA|ASIA|eyJ|gh[opsur]_|glpat|xox|[rs]k_live|AIza|basic|bearer|authorization|:[^:\s]{13,}:|\s-[awPu]|masterauth|mysql|mariadb|mytop|backup|mydumper|myloader|7z|rar|mongo|user|ncftp/i;

const ASSIGNMENT = new RegExp(
  String.raw`(${NAME}\d*\\*["']?\]?\s*(?:=>|:=|=|:)\s*|<[\w.:-]{0,40}${NAME}\d*>\s*)`,
  "gi",
);
const WHOLE_VALUE = new RegExp(VALUE, "y");
const WHOLE_OPTION = new RegExp(OPTION, "y");
const ELEMENT = /[^<]+/y;

const BEGINS_LINE = new RegExp(String.raw`^(\s*[+-]?\s*(?:lock\s+)?${DIRECTIVE}\s+)(?![=:])(\S.*)$`, "i");

/** The same text with the secrets in it masked. Each line of a diff stays a line, so that a changed secret is seen as changed. */
export function masked(text: string): string {
  return maskedLines(text.split("\n")).join("\n");
}

/** The same of lines that belong together: a private key goes over several. */
export function maskedLines(lines: string[]): string[] {
  return withoutPrivateKeys(lines).map((line) => (MAY_HOLD.test(line) ? maskedLine(line) : line));
}

function maskedLine(line: string): string {
  const programs = PROGRAMS.filter(([program]) => program.test(line)).map(([, option]) => option);
  const byRules = [...RULES, ...programs].reduce(
    (text, rule) =>
      text.replace(
        rule,
        (_, before: string, secret: string, after: string) => before + inPlaceOf(secret) + after,
      ),
    line,
  );
  const assigned = maskAssigned(byRules);
  return assigned.replace(BEGINS_LINE, (_, name: string, values: string) => name + eachWord(values));
}

/** `name=value`, `name: value`, `"name": "value"` and `<name>value</name>`. */
function maskAssigned(line: string): string {
  const isFstab = FSTAB.test(line);
  let result = "";
  let done = 0;
  ASSIGNMENT.lastIndex = 0;
  for (let name = ASSIGNMENT.exec(line); name; name = ASSIGNMENT.exec(line)) {
    const [from, to] = [name.index, name.index + name[0].length];
    const value = name[0].startsWith("<")
      ? ELEMENT
      : isFstab || isOption(line, from)
        ? WHOLE_OPTION
        : WHOLE_VALUE;
    value.lastIndex = to;
    const secret = value.exec(line)?.[0] ?? "";
    result += line.slice(done, to) + (secret === "" ? "" : inPlaceOf(secret));
    done = ASSIGNMENT.lastIndex = to + secret.length;
  }
  return result + line.slice(done);
}

/** Characters. */
const LONGEST_NAME = 80;

/** Whether a name stands in a list of options: behind a comma, or behind `-o`. */
function isOption(line: string, at: number): boolean {
  const before = line.slice(Math.max(0, at - LONGEST_NAME), at).replace(/[\w.-]*$/, "");
  return /,$|(?:^|\s)-o\s*$/.test(before);
}

/** The mask; in the quotes that the secret had, and before the comma behind them. */
function inPlaceOf(secret: string): string {
  const [, quote = "", after = ""] = /^(["']).*\1([,;)}\]]*)$/.exec(secret) ?? [];
  return quote + MASK + quote + after;
}

/** `--md5` stays: it says what kind of a secret comes. */
function eachWord(values: string): string {
  return values.replace(new RegExp(VALUE, "g"), (word) => (/^--\w+$/.test(word) ? word : MASK));
}

const KEY_BEGINS = /-----BEGIN [\w ]*PRIVATE KEY(?: BLOCK)?-----/;
const KEY_ENDS = /-----END [\w ]*PRIVATE KEY(?: BLOCK)?-----/;
/** A line of a key: its letters, a header, or nothing. Behind the sign that a diff has. */
const OF_A_KEY = /^[ +-]?\s*(?:[\w+/=*]*|[\w-]+: .*)\r?$/;
/** A line of a key as it is in the middle of one: 64 letters of a kind, or the 70 of OpenSSH's own form. */
const LINE_OF_KEY = /^[ +-]?(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?:[\w+/]{64}|[\w+/]{70})\r?$/;

/** A diff may show the end of a key, or the middle, without its beginning. */
function withoutPrivateKeys(lines: string[]): string[] {
  const isSecret = lines.map((line) => LINE_OF_KEY.test(line));
  lines.forEach((line, index) => {
    if (KEY_BEGINS.test(line)) mark(lines, isSecret, index, 1);
    if (KEY_ENDS.test(line)) mark(lines, isSecret, index, -1);
  });
  return lines.map((line, index) => (isSecret[index] ? maskKeyLine(line) : maskInside(line)));
}

function mark(lines: string[], isSecret: boolean[], from: number, step: 1 | -1): void {
  for (let at = from + step; OF_A_KEY.test(lines[at] ?? "-----"); at += step) isSecret[at] = true;
}

function maskKeyLine(line: string): string {
  const [, sign, body] = /^([ +-]?\s*)(.*)$/.exec(line) ?? ["", "", line];
  return body === "" ? line : sign + MASK;
}

/** A key on one line, its line ends written as `\n`. */
function maskInside(line: string): string {
  return line.replace(
    /(-----BEGIN [\w ]*PRIVATE KEY(?: BLOCK)?-----)(.+?)(?=-----END|$)/,
    (_, begin: string) => begin + MASK,
  );
}
