import type { Stage } from "./stage";

/** In what state of the world a row begins. */
export type Beginning =
  /** A cloud with the sample and nothing else. */
  | "nothing"
  /** The sample's migration has published its image, without a rehearsal; its helper is stopped. */
  | "published";

/** One fault, and what becomes of it. */
export interface Row {
  /** The fault, in a few words: what the table and docs/faults.md call it. */
  name: string;
  /** Default `nothing`. */
  from?: Beginning;
  /**
   * Belongs to `npm test`: it is met on ordinary days, or guards what a user would lose, and needs one conversion at most.
   * The others are rare, and played by `npm run test:all`.
   */
  inQuickPart: boolean;
  /**
   * Plays the fault, tells what the user saw (`stage.saw`), and ends with an `up` that goes well (`stage.goOn`) or says
   * what to do (`stage.told`). What holds after every fault is checked afterwards (`checks.ts`), and need not be here.
   */
  run(stage: Stage): Promise<void>;
}
