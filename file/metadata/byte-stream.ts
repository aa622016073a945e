/**
 * Bytes that come in chunks, of which a reader keeps some and drops others. A hostile image has millions of parts: nothing is awaited and
 * nothing is copied per part. A reader is a generator that yields where it needs the next chunk.
 */

/** Yields when the reader needs the next chunk: it goes on when `pull` has resolved. */
export type Reader<Result = void> = Generator<void, Result>;

export class ByteStream {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Buffer = Buffer.alloc(0);
  /** Where in the chunk the next byte to judge is. */
  #at = 0;
  /** Where in the chunk the kept bytes begin that are not in the output yet. They end at `#at`. */
  #keptFrom = 0;
  #output: Buffer[] = [];
  #hasEnded = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#source = chunks[Symbol.asyncIterator]();
  }

  /** How many bytes are there without waiting. */
  get available(): number {
    return this.#chunk.length - this.#at;
  }

  /** Bytes that are there, from the next one on. */
  peek(from = 0, to = this.available): Buffer {
    return this.#chunk.subarray(this.#at + from, this.#at + to);
  }

  byte(index: number): number {
    return this.#chunk[this.#at + index] ?? 0;
  }

  uint16BE(index: number): number {
    return this.#chunk.readUInt16BE(this.#at + index);
  }

  uint32BE(index: number): number {
    return this.#chunk.readUInt32BE(this.#at + index);
  }

  uint32LE(index: number): number {
    return this.#chunk.readUInt32LE(this.#at + index);
  }

  latin1(from: number, to: number): string {
    return this.#chunk.toString('latin1', this.#at + from, this.#at + to);
  }

  /** How far away the next byte of this value is; -1 when none is there. */
  indexOf(byte: number, from = 0): number {
    const index = this.#chunk.indexOf(byte, this.#at + from);
    return index < 0 ? -1 : index - this.#at;
  }

  /** Puts the next bytes, which are there, into the output. */
  keep(count: number): void {
    this.#at += count;
  }

  /** Leaves the next bytes, which are there, out. */
  drop(count: number): void {
    this.#flush();
    this.#at += count;
    this.#keptFrom = this.#at;
  }

  /** Puts other bytes into the output. */
  put(bytes: Buffer): void {
    this.#flush();
    this.#output.push(bytes);
  }

  /** @returns the output since it was asked for last */
  takeOutput(): Buffer {
    this.#flush();
    const output = this.#output.length === 1 ? (this.#output[0] as Buffer) : Buffer.concat(this.#output);
    this.#output = [];
    return output;
  }

  /** Waits for the next chunk. */
  async pull(): Promise<void> {
    const { done, value } = await this.#source.next();
    this.#hasEnded = done === true;
    if (done) return;
    this.#flush();
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.length);
    this.#chunk = this.available === 0 ? chunk : Buffer.concat([this.peek(), chunk]);
    this.#at = 0;
    this.#keptFrom = 0;
  }

  /** Goes on when so many bytes are there. False when the stream ends before. */
  *fill(count: number): Reader<boolean> {
    while (this.available < count) {
      if (this.#hasEnded) return false;
      yield;
    }
    return true;
  }

  /** Keeps the next bytes up to a count, also those that have not come yet. */
  *keepAll(count = Number.POSITIVE_INFINITY): Reader {
    for (let left = count; left > 0 && (yield* this.fill(1)); ) {
      const size = Math.min(left, this.available);
      this.keep(size);
      left -= size;
    }
  }

  /** Drops the next bytes up to a count. */
  *dropAll(count = Number.POSITIVE_INFINITY): Reader {
    for (let left = count; left > 0 && (yield* this.fill(1)); ) {
      const size = Math.min(left, this.available);
      this.drop(size);
      left -= size;
    }
  }

  #flush(): void {
    if (this.#at > this.#keptFrom) this.#output.push(this.#chunk.subarray(this.#keptFrom, this.#at));
    this.#keptFrom = this.#at;
  }
}
