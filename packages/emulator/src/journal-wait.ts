import type { JournalEntry, JournalFilter, JournalWaitOptions } from "./journal.ts";

/** Tells of every request, until it is stopped by what it returns, or ends by itself. */
type Subscribe = (listener: (entry: JournalEntry) => void, onEnd: () => void) => (() => void) | Promise<() => void>;

/** Whether an entry is one of those meant. */
export function matches(entry: JournalEntry, filter: JournalFilter): boolean {
  return typeof filter === "function"
    ? filter(entry)
    : Object.entries(filter).every(([name, value]) => Reflect.get(entry, name) === value);
}

/** Waits for the next request that matches. */
export async function waitFor(
  subscribe: Subscribe,
  filter: JournalFilter = {},
  { timeoutInMs, abortSignal }: JournalWaitOptions = {},
): Promise<JournalEntry> {
  abortSignal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<JournalEntry>();
  // It may be given up before anyone awaits it.
  promise.catch(() => {});
  const onAbort = (): void => reject(abortSignal?.reason);
  abortSignal?.addEventListener("abort", onAbort);
  const onTimeout = (): void => reject(new Error(`no such request came within ${timeoutInMs} ms`));
  const timer = timeoutInMs === undefined ? undefined : setTimeout(onTimeout, timeoutInMs);
  let stop: (() => void) | undefined;
  try {
    stop = await subscribe(
      (entry) => {
        // The second time, a request is told of because it has ended.
        if (entry.durationInMs === undefined && matches(entry, filter)) {
          resolve(entry);
        }
      },
      () => reject(new Error("the emulator was closed before such a request came")),
    );
    return await promise;
  } finally {
    stop?.();
    clearTimeout(timer);
    abortSignal?.removeEventListener("abort", onAbort);
  }
}
