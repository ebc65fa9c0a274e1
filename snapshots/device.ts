/** A snapshot as a file of this machine: QEMU's storage daemon reads it from us by NBD, and shows it through FUSE. */
import * as fs from "node:fs";
import * as path from "node:path";
import { withUndo } from "../converter/cleanup";
import { OVERLAY_FILES } from "../converter/disk/filesystem/overlay";
import { withShown } from "../converter/disk/filesystem/storageDaemon";
import { withMountFolder } from "../converter/disk/mount";
import type { Runner } from "../converter/run";
import { type NbdServer, type Readable, serveNbd } from "./nbd/server";

/** Shows what can be read as a read-only file while `work` runs. */
export function withFile<T>(
  disk: Readable,
  name: string,
  runner: Runner,
  work: (file: string) => Promise<T>,
): Promise<T> {
  return withMountFolder((folder) => {
    let server: NbdServer | undefined;
    const undo = async () => {
      await server?.close();
      OVERLAY_FILES.forEach((file) => fs.rmSync(path.join(folder, file), { force: true }));
    };
    return withUndo(undo, async () => {
      const socket = path.join(folder, "nbd");
      server = await serveNbd(disk, socket);
      const nbd = {
        ...{ driver: "nbd", "node-name": "snapshot", "read-only": true },
        server: { type: "unix", path: socket },
      };
      const { sizeBytes } = disk;
      return withShown(
        { purpose: `showing ${name}`, nodes: [nbd], node: "snapshot", sizeBytes, folder, writable: false },
        runner,
        work,
      );
    });
  });
}
