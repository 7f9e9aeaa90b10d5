import type { FaultName } from "./faults.ts";
import type { RefusalName } from "./hosts.ts";
import { matches, waitFor } from "./journal-wait.ts";
import { Listeners } from "./listeners.ts";
import type { AskedIdentity } from "./token-request.ts";

/** Where tokens come from: signed by the emulator, or the developer's own, by the tool that gave them. */
export type TokenOrigin = "emulator" | "azure-cli" | "default";

/** One request to the emulator, without the secret and without the token. */
export interface JournalEntry {
  /** Counts up from 1; never given twice. */
  readonly id: number;
  /** When the request came, by the emulator's clock: milliseconds since 1970. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  /** The API version, as asked for. */
  readonly apiVersion?: string;
  readonly resource?: string;
  /** The identity asked for, and by which id. */
  readonly identity: AskedIdentity;
  /** Status of the answer. Absent when none was sent. */
  readonly status?: number;
  /** From the arrival to the end of the answer. Absent while the request is still open. */
  readonly durationInMs?: number;
  /** Why the host refused the request, if it did. */
  readonly refusal?: RefusalName;
  /** The fault that the request met. */
  readonly fault?: FaultName;
  /** Where the token came from, if there was one. */
  readonly tokensFrom?: TokenOrigin;
  /** Why the developer's own token could not be had. */
  readonly failure?: string;
  /** Claims of the token that was handed out, for people to look at. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly userAgent?: string;
}

/** Which entries are meant: those with exactly these properties, or those a function says yes to. */
export type JournalFilter =
  | Partial<Pick<JournalEntry, "method" | "path" | "apiVersion" | "resource" | "status" | "refusal" | "fault">>
  | ((entry: JournalEntry) => boolean);

/** How long to wait for an entry. */
export interface JournalWaitOptions {
  /** Reject after so many milliseconds. Default: never. */
  readonly timeoutInMs?: number;
  /** Reject when this is aborted. */
  readonly abortSignal?: AbortSignal;
}

/** What the emulator was asked. */
export interface Journal {
  /** The last 500 requests, oldest first; with a filter, those of them that match. */
  list(filter?: JournalFilter): readonly JournalEntry[];
  /** The next request from now on that matches, as it comes. Rejects when the emulator is closed first. */
  next(filter?: JournalFilter, options?: JournalWaitOptions): Promise<JournalEntry>;
  /** Calls `listener` for every request as it comes, and once more when it has ended. Returns how to stop it. */
  subscribe(listener: (entry: JournalEntry) => void): () => void;
  /** Forgets all entries. */
  clear(): void;
}

/** The journal keeps so many entries. */
const capacity = 500;

/** The journal as the emulator writes it. */
export class RequestJournal implements Journal {
  readonly #listeners = new Listeners<JournalEntry>();
  readonly #onClear: () => void;
  readonly #ends = new Listeners<void>();
  #entries: JournalEntry[] = [];
  #lastId = 0;

  constructor(onClear: () => void = () => {}) {
    this.#onClear = onClear;
  }

  /** Writes a request down. The function it returns adds how it ended. */
  add(facts: Omit<JournalEntry, "id" | "durationInMs">): (durationInMs: number) => void {
    let entry: JournalEntry = Object.freeze({ id: ++this.#lastId, ...facts });
    this.#entries.push(entry);
    if (this.#entries.length > capacity) {
      this.#entries.shift();
    }
    this.#listeners.tell(entry);
    return (durationInMs) => {
      const index = this.#entries.indexOf(entry);
      entry = Object.freeze({ ...entry, durationInMs });
      if (index !== -1) {
        this.#entries[index] = entry;
        this.#listeners.tell(entry);
      }
    };
  }

  list(filter?: JournalFilter): readonly JournalEntry[] {
    return filter === undefined ? [...this.#entries] : this.#entries.filter((entry) => matches(entry, filter));
  }

  next(filter?: JournalFilter, options?: JournalWaitOptions): Promise<JournalEntry> {
    const subscribe = (listener: (entry: JournalEntry) => void, onEnd: () => void): (() => void) => {
      const stops = [this.#listeners.add(listener), this.#ends.add(onEnd)];
      return () => stops.forEach((stop) => stop());
    };
    const entry = waitFor(subscribe, filter, options);
    // Whoever has lost interest by the time the emulator closes must not see an unhandled rejection.
    entry.catch(() => {});
    return entry;
  }

  subscribe(listener: (entry: JournalEntry) => void): () => void {
    return this.#listeners.add(listener);
  }

  clear(): void {
    this.#entries = [];
    this.#onClear();
  }

  /** Ends every wait and subscription. */
  close(): void {
    this.#ends.tell();
    this.#ends.clear();
    this.#listeners.clear();
  }
}
