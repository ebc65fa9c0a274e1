import type { Environment } from "./environment";

/** The state of cloud and stack in which a scenario begins. */
export type Beginning =
  /** A cloud with the sample and nothing else. */
  | "nothing"
  /** The sample's migration has published its image, without a rehearsal; its helper is stopped. */
  | "published";

/** One fault, and what must follow from it. */
export interface Scenario {
  /** The fault, in a few words: what the table and docs/faults.md call it. */
  name: string;
  /** Default `nothing`. */
  from?: Beginning;
  /**
   * Belongs to `npm test`: it is met on ordinary days, or guards what a user would lose, and needs one conversion at most.
   * The others are rare: `npm run test:all` runs them.
   */
  inQuickPart: boolean;
  /**
   * Causes the fault, notes what the user saw (`environment.saw`), and ends with an `up` that succeeds (`environment.goOn`)
   * or says what to do (`environment.told`). What must hold after every fault is checked afterwards (`checks.ts`).
   */
  run(environment: Environment): Promise<void>;
}
