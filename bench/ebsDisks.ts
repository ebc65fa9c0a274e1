/** Disks that behave as EBS volumes do, in one respect each. */
import { withShownDisk } from "../local/commands/shownDisk";

/**
 * Shows a file as a read-only device whose reads take that much longer, many at once, while `work` runs: a volume fresh from a snapshot
 * (nbdkit's delay filter).
 */
export function withSlowDisk(
  file: string,
  milliseconds: number,
  work: (device: string) => Promise<void>,
): Promise<void> {
  const server = (socket: string) => [
    ...["nbdkit", "-f", "-U", socket, "-t", "128", "--filter=delay", "file", file],
    `rdelay=${milliseconds}ms`,
  ];
  return withShownDisk({ server, connections: 64, access: "read" }, work);
}

/** What a gp3 volume moves a second unless more is paid for, reads and writes together: 125 MiB (AWS's user guide). */
export const GP3_BYTES_PER_SECOND = 125 * 1024 * 1024;

/** Shows a file as a device that moves so many bytes a second, reads and writes together (QEMU's throttle). */
export function withLimitedDisk(
  file: string,
  bytesPerSecond: number,
  access: "read" | "write",
  work: (device: string) => Promise<void>,
): Promise<void> {
  const server = (socket: string) => [
    "qemu-storage-daemon",
    ...["--object", `throttle-group,id=limit,x-bps-total=${bytesPerSecond}`],
    ...["--blockdev", `driver=file,node-name=file,filename=${file},cache.direct=on`],
    ...["--blockdev", "driver=throttle,node-name=limited,file=file,throttle-group=limit"],
    ...["--nbd-server", `addr.type=unix,addr.path=${socket},max-connections=0`],
    ...["--export", `nbd,id=disk,node-name=limited,name=disk,writable=${access === "write" ? "on" : "off"}`],
  ];
  return withShownDisk({ server, name: "disk", connections: 16, access }, work);
}
