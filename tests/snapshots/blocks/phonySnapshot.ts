/** A snapshot that is made up in memory, and tells what was asked of it. */
import {
  BLOCK_BYTES,
  type Page,
  type SnapshotBlocks,
  StaleTokenError,
} from "../../../snapshots/blocks/source";

export class PhonySnapshot implements SnapshotBlocks {
  /** In the order of asking. */
  readonly got: number[] = [];
  readonly listed: number[] = [];
  /** How many tokens are good: each listing gives new ones. */
  private generation = 0;
  /** Requests that are under way at once, at the most. */
  most = 0;
  private running = 0;
  /** What the next requests for blocks fail with. */
  readonly failing: Error[] = [];

  constructor(
    /** The blocks that hold data. */
    private readonly blocks: number[],
    private readonly pageSize = 1000,
  ) {}

  static bytes(index: number): Buffer {
    return Buffer.alloc(BLOCK_BYTES, `block ${index} `);
  }

  async list(from: number): Promise<Page> {
    this.listed.push(from);
    const all = this.blocks.filter((index) => index >= from);
    const page = all.slice(0, this.pageSize);
    const blocks = page.map((index) => ({ index, token: `${this.generation} ${index}` }));
    return { blocks, more: all.length > page.length };
  }

  async get(index: number, token: string): Promise<Buffer> {
    this.got.push(index);
    this.most = Math.max(this.most, ++this.running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    this.running--;
    const error = this.failing.shift();
    if (error) throw error;
    if (token !== `${this.generation} ${index}`) throw new StaleTokenError("old");
    return PhonySnapshot.bytes(index);
  }

  /** From now on the tokens that were given are good no longer. */
  expire(): void {
    this.generation++;
  }
}
