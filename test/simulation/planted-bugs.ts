import type { Mistake } from "../mistake.ts";
import type { Invariant } from "./invariants.ts";

/** A mistake, and the invariant that it breaks. */
export interface PlantedBug extends Mistake {
  readonly invariant: Invariant;
}

/** One for each invariant: an invariant that cannot fail proves nothing. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    invariant: "no expired token is handed out",
    mistake: "a token counts as fresh for a day after its refresh point",
    file: "token-cache.ts",
    replace: ["Date.now() < token.refreshAfterTimestamp ?", "Date.now() < token.refreshAfterTimestamp + 86_400_000 ?"],
  },
  {
    invariant: "no error while a valid token is held",
    mistake: "a token with less than an hour left counts as none",
    file: "token-cache.ts",
    replace: ["held === undefined || left <= 0", "held === undefined || left <= 3_600_000"],
  },
  {
    invariant: "one request in flight for a key",
    mistake: "a request under way is not looked for",
    file: "token-cache.ts",
    replace: [
      "if (entry.flight !== undefined) {\n      return entry.flight;",
      "if (entry.failures < 0) {\n      return entry.flight as never;",
    ],
  },
  {
    invariant: "no request before Retry-After is over",
    mistake: "Retry-After holds back only the resource that was answered so",
    file: "throttle.ts",
    replace: ["if (forInMs <= 0) {", "if (forInMs <= 86_400_000) {"],
  },
  {
    invariant: "refreshes keep their distance",
    mistake: "after a failed refresh every call tries again",
    file: "token-cache.ts",
    replace: ["remember(token, expiresOnTimestamp, due)", "remember(token, expiresOnTimestamp, due * 0)"],
  },
  {
    invariant: "a token that stays the same is asked for ever more seldom",
    mistake: "a token is asked for again after a fiftieth of its life",
    file: "refresh.ts",
    replace: ["? left / 2 :", "? left / 50 :"],
  },
  {
    invariant: "refreshes that fail grow seldom",
    mistake: "the pauses between refreshes that fail do not grow",
    file: "refresh.ts",
    replace: ["firstBackoffInMs * 2 ** (failures - 1)", "firstBackoffInMs"],
  },
  {
    invariant: "requests are bounded",
    mistake: "a request is tried three times as often as it may",
    file: "pipeline.ts",
    replace: ["{ maxRetries, logger }", "{ maxRetries: 3 * maxRetries, logger }"],
  },
  {
    invariant: "every call settles in its time",
    mistake: "a call waits for three times as long as it may",
    file: "flight.ts",
    replace: [
      "fail(this.#work.timedOut(timeoutInMs)), timeoutInMs)",
      "fail(this.#work.timedOut(timeoutInMs)), 3 * timeoutInMs)",
    ],
  },
  {
    invariant: "an abort ends only its own wait",
    mistake: "an abort is passed on to everybody who waits",
    file: "flight.ts",
    replace: [
      "const abort = (): void => fail(abortError(signal as AbortSignalLike));",
      "const abort = (): void => this.#waiters.forEach((other) => other.reject(abortError(signal as AbortSignalLike)));",
    ],
  },
  {
    invariant: "every key recovers after the last fault",
    mistake: "after a failed refresh the next try waits for hours",
    file: "refresh.ts",
    replace: ["const wait = Math.min(growing,", "const wait = Math.max(growing,"],
  },
  {
    invariant: "nothing is left behind",
    mistake: "a call that is over still listens to its abort signal",
    file: "flight.ts",
    replace: ['signal?.removeEventListener("abort", abort);', ""],
  },
  {
    invariant: "nothing grows without bound",
    mistake: "a token that is over is kept for good",
    file: "token-cache.ts",
    replace: ["this.#entries.delete(resource);", ""],
  },
];
