import type { EventEmitter } from "node:events";

/** From a holder's end to the server's: the next command of a user's, or the engine's next provider, finds it there. */
const LINGER_MS = 3_000;
/** Where it was asked to stay, from the last request to the server's end. */
const STAY_MS = 8 * 60 * 60 * 1000;

/** Who needs the server: processes that hold a connection, which the kernel closes when they end, however they end. */
export class Holders {
  private readonly held = new Set<EventEmitter>();
  private lastNeededMs: number;
  private lingerMs = LINGER_MS;

  constructor(private readonly now: () => number = Date.now) {
    this.lastNeededMs = now();
  }

  /** One more, until its connection closes. */
  add(connection: EventEmitter): void {
    this.held.add(connection);
    connection.once("close", () => {
      this.held.delete(connection);
      this.noteRequest();
    });
  }

  /** From now on the server goes on by itself for hours. */
  stay(): void {
    this.lingerMs = STAY_MS;
  }

  noteRequest(): void {
    this.lastNeededMs = this.now();
  }

  /** Whether anybody needs the server, or has needed it just now. */
  areThere(): boolean {
    return this.held.size > 0 || this.now() - this.lastNeededMs < this.lingerMs;
  }
}
