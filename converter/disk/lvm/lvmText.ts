/** LVM2's own text format: `name = value`, sections in braces, lists in brackets, comments after `#`. */

export type LvmValue = string | number | LvmValue[];
export interface LvmSection {
  [name: string]: LvmValue | LvmSection | undefined;
}

const TOKEN = /\s+|#[^\n]*|([{}[\]=,])|"((?:[^"\\]|\\.)*)"|([^\s{}[\]=,"#]+)/gsy;

interface Token {
  kind: "sign" | "string" | "word";
  text: string;
}

/** Reads a whole text. Undefined if it does not follow the format: such metadata is not to be trusted. */
export function parseLvmText(text: string): LvmSection | undefined {
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  const reader = { tokens, at: 0 };
  const section = readSection(reader, 0);
  return section && reader.at === tokens.length ? section : undefined;
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const scanner = new RegExp(TOKEN);
  while (scanner.lastIndex < text.length) {
    const found = scanner.exec(text);
    if (!found) return undefined;
    const [, sign, string, word] = found;
    if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    if (string !== undefined) tokens.push({ kind: "string", text: string.replace(/\\(.)/gs, "$1") });
    if (word !== undefined) tokens.push({ kind: "word", text: word });
  }
  return tokens;
}

interface Reader {
  tokens: Token[];
  at: number;
}

/** Deeper than LVM ever goes. */
const DEEPEST = 16;

/** Everything up to the section's closing brace, or the text's end. */
function readSection(reader: Reader, depth: number): LvmSection | undefined {
  // Without a prototype: a volume may be called `constructor`.
  const section = Object.create(null) as LvmSection;
  while (reader.at < reader.tokens.length && !isSign(reader, "}")) {
    const name = reader.tokens[reader.at++];
    if (name.kind === "sign" || depth > DEEPEST) return undefined;
    const value = isSign(reader, "{") ? readBraces(reader, depth) : readAssignment(reader);
    if (value === undefined) return undefined;
    section[name.text] = value;
  }
  return section;
}

function readBraces(reader: Reader, depth: number): LvmSection | undefined {
  reader.at++;
  const section = readSection(reader, depth + 1);
  if (!isSign(reader, "}")) return undefined;
  reader.at++;
  return section;
}

function readAssignment(reader: Reader): LvmValue | undefined {
  if (!isSign(reader, "=")) return undefined;
  reader.at++;
  return isSign(reader, "[") ? readList(reader) : readScalar(reader);
}

function readList(reader: Reader): LvmValue[] | undefined {
  reader.at++;
  const list: LvmValue[] = [];
  while (!isSign(reader, "]")) {
    const value = readScalar(reader);
    if (value === undefined) return undefined;
    list.push(value);
    if (isSign(reader, ",")) reader.at++;
  }
  reader.at++;
  return list;
}

function readScalar(reader: Reader): string | number | undefined {
  const token = reader.tokens[reader.at++] as Token | undefined;
  if (!token || token.kind === "sign") return undefined;
  return token.kind === "word" && /^-?\d+(\.\d+)?$/.test(token.text) ? Number(token.text) : token.text;
}

function isSign({ tokens, at }: Reader, sign: string): boolean {
  const token = tokens[at] as Token | undefined;
  return token?.kind === "sign" && token.text === sign;
}
