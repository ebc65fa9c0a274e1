/** The block groups of an ext filesystem: which blocks each counts, and where it has its bitmaps and its inodes. */
import { type ExtGeometry, firstBlockOf } from "./extGeometry";
import type { Range } from "../copy/ranges";

/** The group descriptors, as they lie on the disk. 64 bytes a group: no objects for the 131072 groups of 16 TiB. */
export class ExtGroups {
  constructor(
    readonly geometry: ExtGeometry,
    private readonly descriptors: Buffer,
  ) {}

  blockBitmap(group: number): number {
    return this.address(group, 0x00, 0x20);
  }

  inodeBitmap(group: number): number {
    return this.address(group, 0x04, 0x24);
  }

  inodeTable(group: number): number {
    return this.address(group, 0x08, 0x28);
  }

  /** Free clusters, as counted by the kernel. */
  freeCount(group: number): number {
    const high = this.isWide ? this.descriptors.readUInt16LE(this.offset(group) + 0x2c) : 0;
    return this.descriptors.readUInt16LE(this.offset(group) + 0x0c) + high * 2 ** 16;
  }

  /** Nothing but the filesystem's own structures was ever in this group: its bitmap was not even written. */
  isUninitialized(group: number): boolean {
    const BLOCK_UNINIT = 0x2;
    const flags = this.descriptors.readUInt16LE(this.offset(group) + 0x12);
    return this.geometry.hasGroupFlags && (flags & BLOCK_UNINIT) !== 0;
  }

  /** Blocks, from the filesystem's start, that a group counts. */
  blocksOf(group: number): Range {
    const start = firstBlockOf(this.geometry, group);
    return { start, end: Math.min(start + this.geometry.blocksPerGroup, this.geometry.blockCount) };
  }

  private get isWide(): boolean {
    return this.geometry.descriptorBytes >= 64;
  }

  private offset(group: number): number {
    return group * this.geometry.descriptorBytes;
  }

  private address(group: number, low: number, high: number): number {
    const at = this.offset(group);
    return (
      this.descriptors.readUInt32LE(at + low) +
      (this.isWide ? this.descriptors.readUInt32LE(at + high) * 2 ** 32 : 0)
    );
  }
}
