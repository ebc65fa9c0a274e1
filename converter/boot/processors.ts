/** What a machine's processors run, by their registers: it shows of a guest that says nothing how far it is. */
import type { QmpClient } from "./qmp";

/** CR0's highest bit. A BIOS and GRUB run without paging, every kernel of Linux with it. */
const PAGING = 0x8000_0000;

/** Asks QEMU for the registers of all processors. `undefined`: neither a kernel nor programs, or no answer. */
export async function whatRuns(qmp: QmpClient): Promise<"kernel" | "programs" | undefined> {
  const text = await qmp
    .execute("human-monitor-command", { "command-line": "info registers -a" })
    .catch(() => "");
  return runningBy(String(text));
}

/** The same from QEMU's text: `… CPL=3 …`, `CR0=80050033 …`. */
export function runningBy(registers: string): "kernel" | "programs" | undefined {
  const processors = registers.split(/^CPU#\d+/m).filter((part) => isPaging(part));
  if (processors.length === 0) return undefined;
  return processors.some((part) => /\bCPL=3\b/.test(part)) ? "programs" : "kernel";
}

function isPaging(registers: string): boolean {
  const control = /\bCR0=([0-9a-f]{8})/i.exec(registers);
  return control !== null && (Number.parseInt(control[1], 16) & PAGING) !== 0;
}
