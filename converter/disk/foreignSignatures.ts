/** The signatures of images and packed files, each with its name and the command that makes a raw disk of it. */
import zlib from "node:zlib";

/** What is looked at. */
export interface Signs {
  /** The first bytes: two megabytes, or all that there are. */
  head: Buffer;
  /** The last 512 bytes, or all that there are. */
  tail: Buffer;
}

/** Something that is no raw disk. */
export interface Foreign {
  is: (signs: Signs) => boolean;
  /** With its article: "an image in the format qcow2". */
  what: string;
  /** What to do with a file of this name, which is quoted for a shell. */
  advice: (name: string) => string;
}

function at(offset: number, bytes: string | number[]): (signs: Signs) => boolean {
  const wanted = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : Buffer.from(bytes);
  return ({ head }) => head.subarray(offset, offset + wanted.length).equals(wanted);
}

function atEnd(bytes: string): (signs: Signs) => boolean {
  return ({ tail }) => tail.toString("latin1", 0, bytes.length) === bytes;
}

function thenName(command: string): string {
  return `Make a raw disk of it: ${command}. Then name new.img.`;
}

function byQemu(what: string, format: string, is: Foreign["is"]): Foreign {
  return { is, what, advice: (name) => thenName(`qemu-img convert -f ${format} -O raw ${name} new.img`) };
}

const VMDK_DESCRIPTOR = "# Disk DescriptorFile";

/**
 * The signatures stand in QEMU's documentation of the formats (docs/interop) and in its drivers' headers; VHD's footer in
 * Microsoft's "Virtual Hard Disk Image Format Specification": a fixed disk has it at its end alone.
 */
export const IMAGES: Foreign[] = [
  byQemu("an image in the format qcow2", "qcow2", ({ head }) => isQcow(head) && head.readUInt32BE(4) > 1),
  byQemu("an image in the format qcow", "qcow", ({ head }) => isQcow(head)),
  byQemu("an image in the format VMDK", "vmdk", at(0, "KDMV")),
  byQemu("an image in the format VMDK (of ESX)", "vmdk", at(0, "COWD")),
  {
    is: at(0, VMDK_DESCRIPTOR),
    what: "the description of an image in the format VMDK, whose data lie in the files that it names",
    advice: (name) => thenName(`with those files beside it, qemu-img convert -f vmdk -O raw ${name} new.img`),
  },
  byQemu("an image in the format VHDX", "vhdx", at(0, "vhdxfile")),
  byQemu("an image in the format VHD", "vpc", at(0, "conectix")),
  byQemu("an image in the format VHD (of a fixed size)", "vpc", atEnd("conectix")),
  byQemu("an image in the format VDI", "vdi", at(0x40, [0x7f, 0x10, 0xda, 0xbe])),
  byQemu("an image in the format QED", "qed", at(0, "QED\0")),
  byQemu("an image of Parallels", "parallels", at(0, "WithoutFreeSpace")),
  byQemu("an image of Parallels", "parallels", at(0, "WithouFreSpacExt")),
  byQemu("an image of Bochs", "bochs", at(0, "Bochs Virtual HD Image")),
  byQemu("an image of macOS (DMG)", "dmg", atEnd("koly")),
  {
    is: at(0, [0x3a, 0xff, 0x26, 0xed]),
    what: "an Android sparse image",
    advice: (name) => thenName(`simg2img ${name} new.img`),
  },
  {
    is: at(0, "partclone-image"),
    what: "an image of partclone",
    advice: (name) => thenName(`partclone.restore -C -s ${name} -O new.img`),
  },
  {
    is: at(32769, "CD001"),
    what: "an image of a CD (ISO 9660)",
    advice: () => "Name the guest's root volume: nothing can be installed or changed on a CD.",
  },
  {
    is: ({ head }) => at(0, "hsqs")({ head, tail: head }) || at(0, "sqsh")({ head, tail: head }),
    what: "a squashfs filesystem",
    advice: (name) => lookInside(`unsquashfs ${name}`),
  },
  {
    is: ({ head }) => [0x45, 0x3d, 0xcd, 0x28].every((byte, index) => head[index] === byte),
    what: "a cramfs filesystem",
    advice: (name) => lookInside(`mount -o ro,loop ${name} /mnt`),
  },
  {
    is: ({ head }) => /^(?:\xef\xbb\xbf)?\s*<\?xml[^]*<manifest\b/.test(head.toString("latin1", 0, 4096)),
    what: "the manifest of a bundle (an instance-store AMI), whose data lie in the parts that it names",
    advice: () =>
      "Put the image together from its parts (ec2-unbundle of the EC2 AMI tools, with your private key), and name that.",
  },
  {
    is: ({ head }) =>
      /^(?:\xef\xbb\xbf)?\s*<\?xml[^]*<(?:\w+:)?Envelope\b/.test(head.toString("latin1", 0, 4096)),
    what: "the description of a virtual machine (OVF), whose disks lie in the files that it names",
    advice: () => thenName("of the disk that it names, qemu-img convert -f vmdk -O raw DISK.vmdk new.img"),
  },
];

function isQcow(head: Buffer): boolean {
  return head.length > 8 && head.toString("latin1", 0, 4) === "QFI\xfb";
}

function lookInside(command: string): string {
  return `Look what is in it (${command}). Where that is a disk, name the disk; where it is a system's files, copy them onto an ext4 filesystem.`;
}

function unpackedBy(what: string, command: string, is: Foreign["is"]): Foreign {
  return {
    is,
    what: `packed (${what})`,
    advice: (name) => `Unpack it: ${command} ${name} > new.img. Then name new.img.`,
  };
}

function archive(what: string, command: string, is: Foreign["is"]): Foreign {
  return {
    is,
    what: `an archive (${what})`,
    advice: (name) => `Unpack it: ${command} ${name}. Then name the disk that was in it.`,
  };
}

/** The signatures stand in file(1)'s and in each format's own description. */
export const PACKED: Foreign[] = [
  archive("a virtual machine, OVA", "tar -xf", ({ head }) => isTar(head) && /\.ovf$/i.test(firstName(head))),
  archive("tar", "tar -xf", ({ head }) => isTar(head)),
  archive("tar, packed with gzip", "tar -xzf", ({ head }) => isGzip(head) && isTar(gunzipped(head))),
  unpackedBy("gzip", "gunzip -c", ({ head }) => isGzip(head)),
  unpackedBy("xz", "xz -dc", at(0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])),
  unpackedBy("zstd", "zstd -dc", at(0, [0x28, 0xb5, 0x2f, 0xfd])),
  unpackedBy("bzip2", "bzip2 -dc", ({ head }) => /^BZh[1-9]1AY&SY/.test(head.toString("latin1", 0, 10))),
  unpackedBy("lz4", "lz4 -dc", at(0, [0x04, 0x22, 0x4d, 0x18])),
  unpackedBy("lz4", "lz4 -dc", at(0, [0x02, 0x21, 0x4c, 0x18])),
  unpackedBy("lzop", "lzop -dc", at(0, [0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a])),
  unpackedBy("lzip", "lzip -dc", at(0, "LZIP")),
  unpackedBy("compress", "gunzip -c", at(0, [0x1f, 0x9d])),
  archive("zip", "unzip", at(0, "PK\x03\x04")),
  archive("7z", "7z x", at(0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])),
  archive("rar", "unrar x", at(0, "Rar!\x1a\x07")),
  archive("cpio", "cpio -idF", ({ head }) => /^07070[127]/.test(head.toString("latin1", 0, 6))),
];

/** Where a tar header has its checksum: the sum of the header's bytes, with blanks in the place of the sum itself. */
const TAR_SUM = { start: 148, end: 156 };
const TAR_BLOCK = 512;

/** By the checksum: the oldest tar has no signature. */
function isTar(head: Buffer): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false;
  const said = /^[\0 ]*([0-7]+)[\0 ]*$/.exec(head.toString("latin1", TAR_SUM.start, TAR_SUM.end))?.[1];
  if (said === undefined) return false;
  const block = Buffer.from(head.subarray(0, TAR_BLOCK)).fill(" ", TAR_SUM.start, TAR_SUM.end);
  return parseInt(said, 8) === block.reduce((sum, byte) => sum + byte, 0);
}

function firstName(head: Buffer): string {
  return head.toString("latin1", 0, 100).replace(/\0.*$/s, "");
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/** The first block of what is packed, as far as these bytes go. */
function gunzipped(head: Buffer): Buffer {
  try {
    const finishFlush = zlib.constants.Z_SYNC_FLUSH;
    return zlib.gunzipSync(head.subarray(0, 64 * 1024), { finishFlush }).subarray(0, TAR_BLOCK);
  } catch {
    return Buffer.alloc(0);
  }
}
