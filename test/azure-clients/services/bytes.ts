import type { Readable } from "node:stream";

/** Reads a stream by count of bytes, as binary protocols want it. */
export class Bytes {
  #buffer = Buffer.alloc(0);
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** So many bytes, or undefined when the stream ends before them. */
  async take(count: number): Promise<Buffer | undefined> {
    while (this.#buffer.length < count) {
      // oxlint-disable-next-line no-await-in-loop -- a stream comes bit by bit
      const { done, value } = await this.#chunks.next();
      if (done === true) {
        return undefined;
      }
      this.#buffer = Buffer.concat([this.#buffer, value]);
    }
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return taken;
  }

  /** Up to a line break of the network, which is taken too. */
  async takeLine(): Promise<string | undefined> {
    const line: number[] = [];
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- a stream comes bit by bit
      const byte = await this.take(1);
      if (byte === undefined) {
        return undefined;
      }
      if (byte[0] === 0x0a) {
        return Buffer.from(line).toString().trimEnd();
      }
      line.push(byte[0] ?? 0);
    }
  }
}
