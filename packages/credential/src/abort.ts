/** The part of an `AbortSignal` that Azure clients promise; theirs may be older than the platform's. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The error of an aborted call, with the name that callers check and the signal's own reason as `cause`. */
export function abortError(signal: AbortSignalLike): Error {
  const cause: unknown = "reason" in signal ? signal.reason : undefined;
  return Object.assign(new Error("The call was aborted by its abortSignal.", { cause }), { name: "AbortError" });
}
