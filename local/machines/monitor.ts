import * as fs from "node:fs";
import { QmpClient } from "../../converter/boot/qmp";
import { FailedError } from "../../converter/errors";

/** In the machine's directory. */
export const MONITOR_SOCKET = "qmp.sock";

/** For a guest that has to answer, too: letting go of a disk takes one a second, but a guest in its BIOS never does. */
const ANSWER_SECONDS = 30;

/**
 * Lets `work` speak with a machine's QEMU. A socket's name has room for 107 bytes, which a directory may exceed: it is
 * reached through the open directory.
 */
export async function withMonitor<T>(directory: string, work: (qmp: QmpClient) => Promise<T>): Promise<T> {
  const folder = fs.openSync(directory, "r");
  try {
    const qmp = await QmpClient.connect(`/proc/self/fd/${folder}/${MONITOR_SOCKET}`);
    return await work(qmp).finally(() => qmp.close());
  } finally {
    fs.closeSync(folder);
  }
}

/**
 * Pulls a device out and waits until the guest has let go of it.
 * @throws FailedError if it has not within 30 s.
 */
export async function unplug(qmp: QmpClient, deviceId: string): Promise<void> {
  const gone = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), ANSWER_SECONDS * 1000);
    qmp.onEvent = ({ name, data }) => {
      if (name !== "DEVICE_DELETED" || (data as { device?: string }).device !== deviceId) return;
      clearTimeout(timer);
      resolve(true);
    };
  });
  await qmp.execute("device_del", { id: deviceId });
  if (await gone) return;
  throw new FailedError(
    `${deviceId}: the guest has not let go of it within ${ANSWER_SECONDS} s. Stop the instance, then detach the volume.`,
  );
}

interface PciBus {
  bus: number;
  devices: { slot: number }[];
}

/** The slots of the first PCI bus that something is in. */
export async function takenSlots(qmp: QmpClient): Promise<number[]> {
  const buses = (await qmp.execute("query-pci")) as PciBus[];
  return buses.filter(({ bus }) => bus === 0).flatMap(({ devices }) => devices.map(({ slot }) => slot));
}
