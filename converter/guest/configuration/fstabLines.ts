import { splitLineEnd, splitLines } from "../edit";

/** One mount of fstab: its fields as they are meant, escapes resolved. */
export interface Mount {
  /** Line of the file, counted from 1. */
  line: number;
  device: string;
  point: string;
  type: string;
  options: string[];
  /** The sixth field: in which order the boot checks the filesystem, 0 for not at all. */
  pass: number;
}

/** A mount's line cut into fields and the white space between them, so that joining gives the same bytes. */
export interface FstabLine {
  indent: string;
  fields: string[];
  /** Behind each field; one fewer than fields, or as many where white space ends the line. */
  gaps: string[];
}

/** The mounts of an fstab; comments and broken lines are passed over. */
export function parseFstab(text: string): Mount[] {
  return splitLines(text).flatMap((line, index) => {
    const cut = cutLine(splitLineEnd(line)[0]);
    return cut && isMount(cut) ? [mountOf(cut, index + 1)] : [];
  });
}

/** Numbers, from 1, of lines that are neither comments nor mounts: fewer than three fields. */
export function brokenLines(text: string): number[] {
  return splitLines(text).flatMap((line, index) => {
    const cut = cutLine(splitLineEnd(line)[0]);
    return cut && !isMount(cut) ? [index + 1] : [];
  });
}

/** The line's fields; `undefined` for a comment or an empty line. Blanks and tabs separate, as for mount(8). */
export function cutLine(body: string): FstabLine | undefined {
  const [, indent, rest] = /^([ \t]*)(.*)$/s.exec(body) as unknown as string[];
  if (rest.trim() === "" || rest.startsWith("#")) return undefined;
  const parts = rest.split(/([ \t]+)/);
  return {
    indent,
    fields: parts.filter((part, index) => index % 2 === 0 && part !== ""),
    gaps: parts.filter((_, index) => index % 2 === 1),
  };
}

export function joinLine({ indent, fields, gaps }: FstabLine): string {
  return indent + fields.map((field, index) => field + (gaps[index] ?? "")).join("");
}

/** mount(8) can do with device, place and type alone; the rest has defaults. */
export function isMount({ fields }: FstabLine): boolean {
  return fields.length >= 3 && !fields.slice(0, 3).some((field) => field.startsWith("#"));
}

/** What follows a `#` behind the third field is a comment. */
export function mountOf({ fields }: FstabLine, line: number): Mount {
  const comment = fields.findIndex((field) => field.startsWith("#"));
  const meant = (comment < 0 ? fields : fields.slice(0, comment)).map(unescaped);
  const [device, point, type, options = "", , pass = "0"] = meant;
  return { line, device, point, type, options: options.split(","), pass: Number(pass) || 0 };
}

/** fstab writes a blank in a name as `\040`. */
export function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

export function escaped(name: string): string {
  return name.replace(/[ \t\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
