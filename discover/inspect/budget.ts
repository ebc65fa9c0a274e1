/** What inspections may ask of EBS, together. */
import { dollarsOf } from "../../snapshots/blocks/price";
import { BLOCK_BYTES, type SnapshotBlocks } from "../../snapshots/blocks/source";

/** The next request would be beyond the budget. */
export class BudgetSpentError extends Error {}

export interface Limits {
  maxRequests?: number;
  /** US dollars. */
  maxCost?: number;
}

/** Counts requests of all inspections. */
export class Budget {
  blocks = 0;
  lists = 0;

  constructor(private readonly limits: Limits) {}

  get bytes(): number {
    return this.blocks * BLOCK_BYTES;
  }

  get dollars(): number {
    return dollarsOf(this.blocks, this.lists);
  }

  /** Whether not even one more block can be asked for. */
  get isSpent(): boolean {
    const { maxRequests = Infinity, maxCost = Infinity } = this.limits;
    return this.blocks + this.lists + 1 > maxRequests || dollarsOf(this.blocks + 1, this.lists) > maxCost;
  }

  /** The same blocks; each request is counted before it is made, and none is made beyond the budget. */
  counting(source: SnapshotBlocks): SnapshotBlocks {
    return {
      list: (from) => {
        this.require();
        this.lists++;
        return source.list(from);
      },
      get: (index, token) => {
        this.require();
        this.blocks++;
        return source.get(index, token);
      },
    };
  }

  private require(): void {
    if (this.isSpent) throw new BudgetSpentError("the budget for requests is spent");
  }
}
