import type { Socket } from "node:net";

/** A socket's bytes, taken in the portions that a protocol has. */
export class ByteStream {
  private chunks: Buffer[] = [];
  private held = 0;
  private isOver = false;
  private wake: () => void = () => undefined;

  constructor(socket: Socket) {
    socket.on("data", (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.held += chunk.length;
      this.wake();
    });
    socket.on("close", () => {
      this.isOver = true;
      this.wake();
    });
  }

  /** So many bytes; undefined where the socket ends before. */
  async take(length: number): Promise<Buffer | undefined> {
    while (this.held < length) {
      if (this.isOver) return undefined;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const all = this.chunks.length === 1 ? this.chunks[0] : Buffer.concat(this.chunks);
    const rest = all.subarray(length);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.held = rest.length;
    return all.subarray(0, length);
  }
}
