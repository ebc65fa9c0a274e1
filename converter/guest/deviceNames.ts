/** The names that a guest's files give to devices, taken apart. What they mean on a disk is for `devices.ts` to say. */

/** Disks by the names that an old guest can have given them: none of these is the same on every HVM family. */
export const DISK_NAME = /^\/dev\/(?:sd|xvd|hd)([a-z]+)(\d*)$/;

/**
 * A partition by where its disk is plugged in, or by the disk's serial number: YaST's names (`by-id/scsi-…-part1`,
 * `by-path/xen-vbd-51712-part1`). On another family the same disk has others.
 */
export const PLACE_NAME = /^(\/dev\/disk\/by-(?:id|path)\/.+)-part(\d+)$/;

/** What a filesystem carries itself, wherever its disk is plugged in. */
export interface Identity {
  kind: "uuid" | "label" | "partUuid";
  value: string;
}

/** `LABEL=`, `UUID=`, `PARTUUID=`, and udev's links for them. */
export function identityIn(device: string): Identity | undefined {
  const [, kind, value] =
    /^(LABEL|UUID|PARTUUID)="?([^"]*)"?$/.exec(device) ??
    /^\/dev\/disk\/by-(label|uuid|partuuid)\/(.+)$/.exec(device) ??
    [];
  if (kind === undefined) return undefined;
  // udev writes a slash in a label as \x2f (the label `/` of Amazon Linux).
  const plain = value.replace(/\\x([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const named = kind.toLowerCase();
  return { kind: named === "partuuid" ? "partUuid" : (named as "uuid" | "label"), value: plain };
}

/** `/dev/mapper/group-volume` (dashes in the names are doubled) and `/dev/group/volume`, as `group/volume`. */
export function logicalVolumeIn(device: string): string | undefined {
  const mapped = /^\/dev\/mapper\/((?:[^-]|--)+)-((?:[^-]|--)+)$/.exec(device);
  if (mapped) return `${mapped[1]}/${mapped[2]}`.replaceAll("--", "-");
  return /^\/dev\/(?!disk\/|mapper\/)([^/]+\/[^/]+)$/.exec(device)?.[1];
}

/** `group/volume` as device mapper names it. */
export function mapperName(logicalVolume: string): string {
  return `/dev/mapper/${logicalVolume
    .split("/")
    .map((name) => name.replaceAll("-", "--"))
    .join("-")}`;
}
