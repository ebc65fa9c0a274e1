import { type Advice } from "../converter/types";
import type { Backend } from "./backend";
import type { Item } from "./item";
import type { StackState } from "./state";

/** What the backend's states say of ids and of tags. Pure. */
export class StackKnowledge {
  constructor(
    private readonly items: Item[],
    private readonly backend: Backend,
    private readonly gone: string[],
  ) {}

  /** `project/stack: resource` of whoever has it as a resource. */
  holderOf(id: string): string | undefined {
    return this.findIn((stack) => stack.holds.get(id));
  }

  /** The same of whoever has its id in an input or an output. */
  mentionOf(id: string): string | undefined {
    return this.findIn((stack) => stack.mentions.get(id));
  }

  /** Why nothing can be known of the stack of a tag. */
  whyUnknown(tag: string): string | undefined {
    if (!tag.includes("/")) return "its tag does not name the project: look at it yourself";
    if (this.gone.includes(tag) || this.statesOf(tag).length > 0) return undefined;
    return `this backend shows no stack ${tag}: sweep where it is kept, or, if it is gone, with --gone ${tag}`;
  }

  /**
   * Why a stack that is shown may be another than the tag's. It vouches for what it does not hold by holding something that
   * is here: an empty state, or one that holds nothing of this account and region, may be that of another stack of the same
   * name.
   */
  whyDoubtful(tag: string): string | undefined {
    if (this.gone.includes(tag) || this.heldHere(tag).length > 0) return undefined;
    return `the state of ${tag} holds nothing that is here: if it is the right one, sweep with --gone ${tag}`;
  }

  /** Why the stack's state may not be the last word. */
  whyUnderWay(tag: string): string | undefined {
    const { locks } = this.backend;
    const updating = this.statesOf(tag).find(({ updateInProgress }) => updateInProgress);
    if (updating) return `an update of ${updating.name} is under way`;
    const lock = locks.seen && locks.held.find(({ stack }) => tag === stack || tag.endsWith(`/${stack}`));
    if (lock)
      return `an update is under way; if it was killed, \`pulumi cancel\` takes its lock away (${lock.file})`;
    return this.whyPerhapsUnderWay(tag);
  }

  /** Stacks that are named as gone, and are not: refusals. */
  wronglyGone(): Advice[] {
    return this.gone.flatMap((tag) => {
      const here = this.heldHere(tag);
      if (here.length === 0) return [];
      const found = `the stack is there, and holds ${here.length} that are here, ${here[0].id} among them.`;
      return [
        {
          subject: `--gone ${tag}`,
          found,
          advice: "Leave it out: what the stack does not hold is swept without.",
        },
      ];
    });
  }

  /** A bucket shows no locks. Where its state was left with something in the making, nobody knows whether it still is. */
  private whyPerhapsUnderWay(tag: string): string | undefined {
    const knowsUpdates = ({ updateInProgress }: StackState) =>
      this.backend.locks.seen || updateInProgress !== undefined;
    const unsure = this.statesOf(tag).find((stack) => !knowsUpdates(stack) && stack.creating.length > 0);
    return (
      unsure &&
      `the state of ${unsure.name} says that ${unsure.creating[0]} is being made: once no update is under way, ` +
        "`pulumi refresh --clear-pending-creates`"
    );
  }

  private heldHere(tag: string): Item[] {
    const states = this.statesOf(tag);
    return this.items.filter(({ id }) => states.some(({ holds }) => holds.has(id)));
  }

  private statesOf(tag: string): StackState[] {
    return this.backend.stacks.filter((stack) => stack.tag === tag);
  }

  private findIn(resource: (stack: StackState) => string | undefined): string | undefined {
    for (const stack of this.backend.stacks) {
      const found = resource(stack);
      if (found !== undefined) return `${stack.tag ?? stack.name}: ${found}`;
    }
    return undefined;
  }
}
