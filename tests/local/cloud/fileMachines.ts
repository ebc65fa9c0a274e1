import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Machine, MachineKind, MachineSpec } from "../../../local/machines/machine";

/**
 * Machines whose life is a file, so that one process finds what another has started. A machine whose start `hangs` runs
 * and never says so.
 */
export function fileMachines(directory: string, hangs = false) {
  mkdirSync(directory, { recursive: true });
  const calls = path.join(directory, "calls");
  return (_kind: MachineKind, { instanceId }: MachineSpec): Machine => {
    const running = path.join(directory, instanceId);
    const note = (call: string) => appendFileSync(calls, `${call} ${instanceId}\n`);
    const end = (call: string) => {
      note(call);
      rmSync(running, { force: true });
    };
    return {
      consoleFile: path.join(directory, "console"),
      start: async () => {
        note("start");
        if (existsSync(running)) throw new Error("it was started already");
        writeFileSync(running, "");
        if (hangs) await new Promise(() => undefined);
      },
      stop: async () => end("stop"),
      destroy: async () => end("destroy"),
      attach: async ({ volumeId }) => note(`attach ${volumeId}`),
      detach: async ({ volumeId }) => note(`detach ${volumeId}`),
      beginCopy: async () => false,
      finishCopy: async () => undefined,
      setFirewall: async () => note("setFirewall"),
      isRunning: async () => existsSync(running),
    };
  };
}

/** What was done to an instance's machine, by all processes, in order. */
export function callsTo(directory: string, instanceId: string): string[] {
  const lines = readFileSync(path.join(directory, "calls"), "utf8").trim().split("\n");
  return lines.filter((line) => line.endsWith(` ${instanceId}`)).map((line) => line.split(" ")[0]);
}
