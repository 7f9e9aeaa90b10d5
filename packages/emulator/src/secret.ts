import { createHash, timingSafeEqual } from "node:crypto";

/** A value that callers must present, compared in constant time. It never leaves the process by itself. */
export class Secret {
  readonly #value: string;
  readonly #digest: Buffer;

  constructor(value: string) {
    this.#value = value;
    this.#digest = digest(value);
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  /** Whether a caller presented the value. Both sides are hashed first, so neither length nor content shows in the time. */
  matches(candidate: string | undefined): boolean {
    return timingSafeEqual(digest(candidate ?? ""), this.#digest) && candidate !== undefined;
  }
}

function digest(value: string): Buffer {
  return createHash("sha256").update(value).digest();
}
