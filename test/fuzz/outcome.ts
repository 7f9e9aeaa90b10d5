import { AppServiceMsiError, type AppServiceMsiErrorCode } from "@appservice-msi/credential";
import type { AccessToken } from "@azure/core-auth";
import { canarySecret, CanarySearch, canaryToken, everythingIn } from "../canaries.ts";

/** Every code there is: the compiler complains of one that is missing. */
const codes: Readonly<Record<AppServiceMsiErrorCode, true>> = {
  NOT_CONFIGURED: true,
  INVALID_ENDPOINT: true,
  INVALID_SCOPE: true,
  UNSUPPORTED_IDENTITY: true,
  IDENTITY_MISMATCH: true,
  IDENTITY_NOT_FOUND: true,
  UNAUTHORIZED: true,
  REJECTED: true,
  THROTTLED: true,
  SERVICE_FAILED: true,
  UNREACHABLE: true,
  TIMEOUT: true,
  INVALID_RESPONSE: true,
};

/** The longest time that a call may overrun its deadline, on a machine that is busy with others. */
const patienceInMs = 10_000;

const search = new CanarySearch(canarySecret, canaryToken);

/** Ends the run: what was seen is not allowed to be. */
export function fail(what: string): never {
  throw new Error(what);
}

/** Fails when the text shows a part of the secret or of the token. */
export function checkSecrecy(what: string, text: string): void {
  const found = search.find(text);
  if (found !== undefined) {
    fail(`${what} shows a canary: ${found}`);
  }
}

/** Waits for what has to settle, and fails when it does not. */
export async function inTime<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs.`)), patienceInMs);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a call to end in one of the ways that are documented, and says in which. */
export async function documentedOutcome(call: Promise<AccessToken>): Promise<string> {
  const outcome = await inTime(
    "getToken",
    call.then(
      (token) => ({ token }),
      (error: unknown) => ({ error }),
    ),
  );
  return "token" in outcome ? judgeToken(outcome.token) : judgeError(outcome.error);
}

function judgeToken({ token, expiresOnTimestamp, refreshAfterTimestamp = Number.NaN, tokenType }: AccessToken): string {
  const isGood =
    typeof token === "string" &&
    token !== "" &&
    expiresOnTimestamp > Date.now() - patienceInMs &&
    refreshAfterTimestamp <= expiresOnTimestamp &&
    tokenType === "Bearer";
  return isGood
    ? "token"
    : fail(`No good token: ${JSON.stringify({ expiresOnTimestamp, refreshAfterTimestamp, tokenType })}`);
}

function judgeError(error: unknown): string {
  checkSecrecy("An error", everythingIn(error));
  if (error instanceof AppServiceMsiError) {
    const name = error.code === "NOT_CONFIGURED" ? "CredentialUnavailableError" : "AuthenticationError";
    return Object.hasOwn(codes, error.code) && error.name === name ? error.code : fail(`Not documented: ${error.code}`);
  }
  return error instanceof Error && error.name === "AbortError" ? "AbortError" : judgeMisuse(error);
}

/** Errors of the engine tell of our code, not of the caller's mistake. */
const engineWords =
  /Cannot (?:read|set|convert|destructure|use)|is not (?:a function|iterable|a constructor|defined)|undefined \(/;

/** A complaint about how the credential was called: in our words, and of the class that is documented. */
export function judgeMisuse(error: unknown): string {
  checkSecrecy("An error", everythingIn(error));
  const isOurs = (error instanceof TypeError || error instanceof RangeError) && !engineWords.test(error.message);
  return isOurs ? error.name : fail(`Not documented: ${String((error as Error | undefined)?.stack ?? error)}`);
}
