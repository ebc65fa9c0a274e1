/** The project's documents, and what stands in them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "..", "..");

/** A file of the project as text. */
export function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** Every page that a reader is given: the front page, `docs/`, and the pages of the rooms that have some. */
export const DOCUMENTS: string[] = [
  "README.md",
  "CHANGELOG.md",
  ...["docs", "examples", "policies"].flatMap(pagesBelow),
];

function pagesBelow(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const files = readdirSync(join(ROOT, folder), { recursive: true }) as string[];
  return files
    .filter((file) => file.endsWith(".md") && !file.startsWith("tools/") && !file.includes("node_modules"))
    .map((file) => `${folder}/${file}`)
    .sort();
}

export interface Block {
  /** What stands behind the fence; empty where nothing does. */
  language: string;
  text: string;
  /** Of the fence, from 1 on. */
  line: number;
}

/** The fenced blocks of a page. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  page.split("\n").forEach((text, index) => {
    const fence = /^ *```+(\w*)/.exec(text);
    if (fence && open) {
      blocks.push(open);
      open = undefined;
    } else if (fence) {
      open = { language: fence[1], text: "", line: index + 1 };
    } else if (open) {
      open.text += `${text}\n`;
    }
  });
  return blocks;
}

/** A page without its fenced blocks, where links and headings mean what they say. */
export function proseOf(page: string): string {
  return page.replace(/^ *```[\s\S]*?^ *```.*$/gm, "");
}

/** Blocks that hold what a reader types. */
export function isShell({ language, text }: Block): boolean {
  if (["sh", "bash", "shell", "console"].includes(language)) return true;
  return language === "" && /^(npm|npx|pulumi|aws|pv-to-hvm|truncate|git|sh|gh|pip|go) /.test(text);
}

/** The first groups of all matches, each once. */
export function all(pattern: RegExp, text: string): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, group]) => group))];
}
