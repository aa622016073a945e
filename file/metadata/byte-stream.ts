/** Bytes that come in chunks, read by counts. Holds one chunk, and what is asked for at once. */
export class ByteStream {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#source = chunks[Symbol.asyncIterator]();
  }

  /** What is there without waiting. */
  get held(): Buffer {
    return this.#held;
  }

  /** Waits until so many bytes are held. False when the stream ends before. */
  async fill(count: number): Promise<boolean> {
    while (this.#held.length < count) {
      const { done, value } = await this.#source.next();
      if (done) return false;
      const chunk = Buffer.from(value.buffer, value.byteOffset, value.length);
      this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    }
    return true;
  }

  /** Takes so many of the held bytes. */
  take(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  /** The next bytes, as many as there are up to a count. */
  async *pass(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0 && (await this.fill(1)); ) {
      const taken = this.take(Math.min(left, this.#held.length));
      left -= taken.length;
      yield taken;
    }
  }

  rest(): AsyncGenerator<Buffer> {
    return this.pass(Number.POSITIVE_INFINITY);
  }

  /** Reads on to the end, or so many bytes, and forgets them. */
  async skip(count = Number.POSITIVE_INFINITY): Promise<void> {
    for await (const _ of this.pass(count));
  }
}
