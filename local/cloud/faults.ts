import { randomUUID } from "node:crypto";
import { type EbsAction, type Ec2Action, requireAction } from "./actions";
import { Ec2Error } from "./errors";
import { REFUSALS } from "./refusals";
import type { Collection, Store } from "./store";

/** A refusal to come: the next `times` calls of an action fail with it. */
export interface FaultRecord {
  faultId: string;
  action: Ec2Action | EbsAction;
  code: string;
  message: string;
  times: number;
}

export interface FaultRequest {
  /** EC2's name of the action that is to fail: `RunInstances`. */
  action: string;
  /** EC2's code: `InsufficientInstanceCapacity`. */
  code: string;
  /** Default: EC2's own text for the code. */
  message?: string;
  /** How many calls fail. Default 1. */
  times?: number;
}

/** EC2's bad days, played on request: what a call is refused with although nothing is wrong with it. */
export class Faults {
  private readonly records: Collection<FaultRecord>;
  private added = 0;

  constructor(private readonly store: Store) {
    this.records = store.collection("fault");
  }

  /**
   * Lets the next calls of an action fail.
   * @throws Error for an action that the local cloud does not have, a code without a message, or a useless number.
   */
  async add({ action, code, message = REFUSALS[code], times = 1 }: FaultRequest): Promise<FaultRecord> {
    requireAction(action);
    if (message === undefined) {
      const known = Object.keys(REFUSALS).join(", ");
      throw new Error(`${code}: needs a message. The codes that have one of their own: ${known}.`);
    }
    if (!Number.isInteger(times) || times < 1) {
      throw new Error(`times: must be a whole number of 1 or more, got ${times}.`);
    }
    // Time first, then which of this process it is, so that the order of ids is that in which they were asked for.
    const order = [Date.now(), this.added++].map((number) => String(number).padStart(14, "0"));
    const faultId = [...order, randomUUID()].join("-");
    const record = { faultId, action, code, message, times };
    await this.records.put(faultId, record);
    return record;
  }

  /** Those that no call has met yet, the oldest first. */
  list(): Promise<FaultRecord[]> {
    return this.records.list();
  }

  async clear(): Promise<void> {
    for (const { faultId } of await this.list()) await this.records.remove(faultId);
  }

  /** Fails with the oldest fault of this action, and uses it up. Costs one look at a folder where there is none. */
  async meet(action: Ec2Action | EbsAction): Promise<void> {
    if ((await this.find(action)) === undefined) return;
    const fault = await this.store.exclusively(() => this.take(action));
    if (fault) throw new Ec2Error(fault.code, fault.message);
  }

  private async find(action: Ec2Action | EbsAction): Promise<FaultRecord | undefined> {
    return (await this.list()).find((fault) => fault.action === action);
  }

  private async take(action: Ec2Action | EbsAction): Promise<FaultRecord | undefined> {
    const fault = await this.find(action);
    if (!fault) return undefined;
    if (fault.times === 1) await this.records.remove(fault.faultId);
    else await this.records.put(fault.faultId, { ...fault, times: fault.times - 1 });
    return fault;
  }
}
