/** Lines for the person who waits, on standard error: newline-terminated, and never more than ten seconds apart. */
import { CLOCK, type Clock } from "./clock";
import type { Runner } from "./run";

/** Takes one line without its newline. */
export type Log = (line: string) => void;

/** A silent command is killed by impatient CI systems and looks stuck in `pulumi up`. Milliseconds. */
const SILENCE_MS = 8000;
const LOOK_MS = 1000;
/** Enough to know a command or a line by. */
const LONGEST = 120;

interface Doing {
  what: string;
  since: number;
}

/**
 * Breaks every silence: after eight seconds without a line it says what runs and for how long, or, where no program is
 * waited for, what the last line spoke of.
 */
export class Heartbeat {
  /** Where everything is to be told, so that a line counts as a sign of life. */
  readonly log: Log;
  private heardAt: number;
  private said: Doing;
  private readonly running: Doing[] = [];

  constructor(
    private readonly out: Log,
    private readonly clock: Clock = CLOCK,
  ) {
    this.heardAt = clock.now();
    this.said = { what: "starting", since: this.heardAt };
    this.log = (line) => {
      this.heardAt = this.clock.now();
      this.said = { what: line, since: this.heardAt };
      out(line);
    };
  }

  /** The same runner; what it runs in the foreground is named in a silence. */
  watching(runner: Runner): Runner {
    return async (command, options) => {
      if (options.background) return runner(command, options);
      const doing = { what: describeCommand(command, options.purpose), since: this.clock.now() };
      this.running.push(doing);
      try {
        return await runner(command, options);
      } finally {
        this.running.splice(this.running.indexOf(doing), 1);
      }
    };
  }

  /** Beats while `work` runs. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const stop = this.clock.every(LOOK_MS, () => this.look());
    try {
      return await work();
    } finally {
      stop();
    }
  }

  private look(): void {
    const now = this.clock.now();
    if (now - this.heardAt < SILENCE_MS) return;
    this.heardAt = now;
    const { what, since } = this.running[0] ?? this.said;
    this.out(`still: ${shortened(what)}, ${Math.round((now - since) / 1000)} s`);
  }
}

/** What only wraps another program, with its own words. */
const WRAPPERS = [["setpriv", "--pdeathsig", "KILL"]];

/** `e2fsck -fp /dev/loop3 (checking the copy's filesystem)`; of a program of the guest the purpose alone says anything. */
export function describeCommand(command: string[], purpose: string): string {
  const wrapper = WRAPPERS.find((words) => words.every((word, index) => command[index] === word)) ?? [];
  const words = command.slice(wrapper.length);
  return words[0] === "choom" ? purpose : `${shortened(words.join(" "))} (${purpose})`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
