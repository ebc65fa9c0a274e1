/** Reads GRUB legacy's menu as PV-GRUB and GRUB's legacy_configfile do. */

export interface MenuEntry {
  title: string;
  /** What stands behind `root`, or `uuid`. */
  root?: string;
  kernel?: string;
  initrd?: string;
  arguments: string[];
}

export interface Menu {
  entries: MenuEntry[];
  /** Index of the entry that boots; absent for `saved`. */
  byDefault: number;
  /** Every device in parentheses, in whatever line that is not a comment, and in update-grub's settings. */
  devices: string[];
}

/** Understands a menu. Words are parted by blanks, tabs or, behind settings, `=`. */
export function readMenu(text: string): Menu {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const entries: MenuEntry[] = [];
  let byDefault = 0;
  for (const line of lines.filter((one) => one && !one.startsWith("#"))) {
    const [, word, rest] = /^([a-z]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(line) ?? [];
    const entry = entries.at(-1);
    if (word === "default" && /^\d+$/.test(rest)) byDefault = Number(rest);
    if (word === "title") entries.push({ title: rest, arguments: [] });
    else if (entry && (word === "root" || word === "uuid" || word === "initrd"))
      entry[word === "uuid" ? "root" : word] = rest;
    else if (entry && word === "kernel") {
      const [kernel, ...words] = rest.split(/\s+/).filter((one) => !one.startsWith("--"));
      Object.assign(entry, { kernel, arguments: words });
    }
  }
  const live = lines.filter((line) => !line.startsWith("#") || /^# groot=/.test(line));
  const devices = live.flatMap((line) => line.match(/\((?:hd|nd|cd)[0-9,]*\)/g) ?? []);
  return { entries, byDefault, devices };
}
