/**
 * A stream of chunks, of which a reader keeps some bytes and drops others. A hostile image has millions of segments, so nothing is awaited
 * and nothing is copied per segment. A reader is a generator that yields where it needs the next chunk.
 */

/** Yields when it needs the next chunk; resume it after `pull` has resolved. */
export type Reader<Result = void> = Generator<void, Result>;

export class ByteStream {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Buffer = Buffer.alloc(0);
  /** The position in the chunk of the next byte to keep or drop. */
  #at = 0;
  /** The position in the chunk of the first kept byte that is not in the output yet. The kept bytes end at `#at`. */
  #keptFrom = 0;
  #output: Buffer[] = [];
  #hasEnded = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#source = chunks[Symbol.asyncIterator]();
  }

  /** The number of bytes that can be read without another chunk. */
  get available(): number {
    return this.#chunk.length - this.#at;
  }

  /** Available bytes, counted from the next one. */
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

  /** The distance to the next byte of this value; -1 when none is available. */
  indexOf(byte: number, from = 0): number {
    const index = this.#chunk.indexOf(byte, this.#at + from);
    return index < 0 ? -1 : index - this.#at;
  }

  /** Puts the next bytes, which must be available, into the output. */
  keep(count: number): void {
    this.#at += count;
  }

  /** Leaves the next bytes, which must be available, out of the output. */
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

  /** @returns the output since the previous call */
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

  /** Yields until so many bytes are available. False when the stream ends before. */
  *fill(count: number): Reader<boolean> {
    while (this.available < count) {
      if (this.#hasEnded) return false;
      yield;
    }
    return true;
  }

  /** Keeps the next `count` bytes, or all until the stream ends, and yields for further chunks. */
  *keepAll(count = Number.POSITIVE_INFINITY): Reader {
    for (let left = count; left > 0 && (yield* this.fill(1)); ) {
      const size = Math.min(left, this.available);
      this.keep(size);
      left -= size;
    }
  }

  /** Drops the next `count` bytes, or all until the stream ends, and yields for further chunks. */
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
