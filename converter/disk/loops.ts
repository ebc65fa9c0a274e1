/** The computer's loop devices, as the kernel knows them. */
import type { Runner } from "../run";

export interface LoopEntry {
  name: string;
  /** ` 7:3 `; in a container, of no node here. */
  "maj:min": string;
  "back-file": string | null;
  /** Of the filesystem on which that file, or that device's node, lies: ` 254:0 `. */
  "back-maj:min": string | null;
  "back-ino": number | null;
  /** Bytes into the file. */
  offset: number;
  ro: boolean;
}

const COLUMNS = "NAME,MAJ:MIN,BACK-FILE,BACK-MAJ:MIN,BACK-INO,OFFSET,RO";

/** Those that show a file, or another device. */
export async function listLoops(runner: Runner): Promise<LoopEntry[]> {
  const { stdout } = await runner(["losetup", "--list", "--json", "--output", COLUMNS], {
    purpose: "listing the loop devices",
  });
  return stdout.trim() ? (JSON.parse(stdout) as { loopdevices: LoopEntry[] }).loopdevices : [];
}

/** Linux's encoding of a device number: twelve bits of the major above eight of the minor, the minor's rest on top. */
export function majorMinor(device: number): string {
  return `${(device >>> 8) & 0xfff}:${(device & 0xff) | ((device >>> 12) & 0xfff00)}`;
}
