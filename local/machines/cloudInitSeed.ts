import * as path from "node:path";
import { makePrivateFolder, writePrivateFile } from "../privateFiles";
import type { MachineSpec } from "./machine";

type Launch = Pick<MachineSpec, "instanceId" | "metadata" | "userData">;

/** Where cloud-init's NoCloud data source looks for a seed that lies in the root filesystem. */
export const SEED_FOLDER = "/var/lib/cloud/seed/nocloud";

/** Writes the seed below `folder`. */
export function writeSeed(folder: string, launch: Launch): void {
  makePrivateFolder(folder);
  for (const [name, text] of Object.entries(seedFiles(launch)))
    writePrivateFile(path.join(folder, name), text);
}

/** The seed's files. JSON is YAML, which is what cloud-init reads. */
export function seedFiles({ instanceId, metadata, userData }: Launch): Record<string, string> {
  const key = metadata["meta-data/public-keys/0/openssh-key"];
  const metaData = {
    "instance-id": instanceId,
    "local-hostname": metadata["meta-data/local-hostname"] ?? metadata["meta-data/hostname"] ?? instanceId,
    ...(key ? { "public-keys": [key.trim()] } : {}),
  };
  return {
    "meta-data": `${JSON.stringify(metaData, null, 2)}\n`,
    "user-data": userData ?? "#cloud-config\n{}\n",
  };
}
