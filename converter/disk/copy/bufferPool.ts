/** Buffers that are lent out, as many as there are: whoever wants one more waits until one comes back. */
export class BufferPool {
  private readonly waiting: ((buffer: Buffer) => void)[] = [];

  constructor(private readonly free: Buffer[]) {}

  /** Lends a buffer while `work` runs. */
  async withBuffer<T>(work: (buffer: Buffer) => Promise<T>): Promise<T> {
    const buffer = this.free.pop() ?? (await new Promise<Buffer>((resolve) => this.waiting.push(resolve)));
    try {
      return await work(buffer);
    } finally {
      const next = this.waiting.shift();
      if (next) next(buffer);
      else this.free.push(buffer);
    }
  }
}
