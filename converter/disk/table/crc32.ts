/** CRC-32 with the reversed polynomial of Ethernet, which GPT and LVM share. (Node has one of its own from 20.15 on only.) */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** The bare register after these bytes: neither start nor end is inverted. LVM starts from a number of its own. */
export function crc32Register(bytes: Buffer, start: number): number {
  let value = start;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return value >>> 0;
}

/** The checksum as GPT has it. */
export function crc32(bytes: Buffer): number {
  return (crc32Register(bytes, 0xffffffff) ^ 0xffffffff) >>> 0;
}
