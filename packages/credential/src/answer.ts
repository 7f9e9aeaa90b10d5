import { otherClientId } from "./client-id.ts";
import type { AppServiceMsiErrorCode } from "./errors.ts";
import { parseDuration, parseTimestamp } from "./expiry.ts";
import { type Identity } from "./identity.ts";
import { printable } from "./printable.ts";
import { isRetriableStatus, retryAfterInMs } from "./retry.ts";

/** The endpoint's HTTP response, as far as it matters. */
export interface Answer {
  readonly status: number;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  readonly body: string;
}

/** A token as the endpoint handed it out. Times are in milliseconds since 1970. */
export interface IssuedToken {
  readonly kind: "token";
  readonly token: string;
  readonly expiresOnTimestamp: number;
  /** When the endpoint itself wants the token refreshed, where it says so. */
  readonly refreshOnTimestamp?: number | undefined;
}

/** The codes that an attempt can end with. The others arise before there is a request. */
export type FailureCode = Exclude<
  AppServiceMsiErrorCode,
  "NOT_CONFIGURED" | "INVALID_ENDPOINT" | "INVALID_SCOPE" | "UNSUPPORTED_IDENTITY"
>;

/** What went wrong with one attempt, as data: retry, fallback and the final error are all decided on it. */
export interface Failure {
  readonly kind: "failure";
  readonly code: FailureCode;
  /** What happened, as the end of a sentence about the endpoint: `answered 400`. */
  readonly what: string;
  /** Whether the same request may well succeed later. */
  readonly retriable: boolean;
  readonly statusCode?: number;
  /** The endpoint's own words, fit to be shown. */
  readonly endpointMessage?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly retryAfterInMs?: number | undefined;
  /** Whether the endpoint does not speak the API version it was asked in. */
  readonly unsupportedApiVersion?: boolean;
  /** What to do next, where the code alone does not say it. */
  readonly remedy?: string | undefined;
  /** A sentence on the answer in the other API version, where that was asked first. */
  readonly before?: string | undefined;
  readonly cause?: unknown;
}

/** What reading an answer needs to know besides the answer. */
export interface ReadingContext {
  readonly identity: Identity;
  /** Texts that must not be repeated from the answer. */
  readonly secrets: readonly string[];
  /** When the answer came, in milliseconds since 1970. */
  readonly now: number;
}

/** The words in which App Service, Container Apps and the 2017-09-01 endpoint say that there is no such identity. */
const identityMissing =
  /\b(?:no .*(?:managed identity|msi) found|unable to load .*managed identity|identity not found)/i;

/** What the answer means: a token, or a failure. */
export function readAnswer(answer: Answer, context: ReadingContext): IssuedToken | Failure {
  return answer.status >= 200 && answer.status < 300 ? readToken(answer, context) : readRefusal(answer, context);
}

function readToken(answer: Answer, context: ReadingContext): IssuedToken | Failure {
  const body = parseObject(answer.body);
  if (body === undefined) {
    const cutOff = isCutOff(answer.body);
    return invalid(answer, cutOff ? "a JSON body that breaks off" : "a body that is no JSON object", cutOff);
  }
  const { access_token: token, token_type: tokenType, client_id: clientId } = body;
  if (typeof token !== "string" || token === "") {
    return invalid(answer, "no access_token");
  }
  if (tokenType != null && (typeof tokenType !== "string" || tokenType.toLowerCase() !== "bearer")) {
    return invalid(answer, "a token_type other than Bearer");
  }
  const otherId = otherClientId(context.identity, clientId, token);
  if (otherId !== undefined) {
    return mismatch(answer, otherId);
  }
  const expiresOnTimestamp = pointInTime(body, "expires_on", "expires_in", context.now);
  if (expiresOnTimestamp === undefined) {
    return invalid(answer, "no expires_on or expires_in that is a time");
  }
  if (expiresOnTimestamp <= context.now) {
    return {
      ...invalid(answer, `a token that expired at ${new Date(expiresOnTimestamp).toISOString()}`, true),
      remedy: `Check the clock of this machine, which says ${new Date(context.now).toISOString()}.`,
    };
  }
  return {
    kind: "token",
    token,
    expiresOnTimestamp,
    refreshOnTimestamp: pointInTime(body, "refresh_on", "refresh_in", context.now),
  };
}

/** Up to 2017 the endpoint wrote dates, never durations; other hosts write durations beside or instead of dates. */
function pointInTime(body: Record<string, unknown>, on: string, inSeconds: string, now: number): number | undefined {
  const duration = parseDuration(body[inSeconds]);
  return parseTimestamp(body[on]) ?? (duration === undefined ? undefined : now + duration);
}

function mismatch(answer: Answer, clientId: string): Failure {
  const what = `answered ${answer.status} with a token of another identity, client id ${clientId}`;
  return { kind: "failure", code: "IDENTITY_MISMATCH", what, retriable: false, statusCode: answer.status };
}

/** The description of an unusable body is made of its outside: it may well hold a token. */
function invalid(answer: Answer, what: string, retriable = false): Failure {
  const contentType = printable(answer.header("content-type") ?? "no content type");
  return {
    kind: "failure",
    code: "INVALID_RESPONSE",
    what: `answered ${answer.status} with ${what} (${contentType}, ${answer.body.length} characters)`,
    retriable,
    statusCode: answer.status,
  };
}

function readRefusal(answer: Answer, context: ReadingContext): Failure {
  const { status } = answer;
  if (status < 400) {
    const redirect =
      status >= 300 ? "a redirect, which is not followed because it would carry the secret away" : "no token";
    return invalid(answer, redirect);
  }
  const body = fieldsOf(parseObject(answer.body) ?? {});
  const said = firstText(body, ["message", "error_description"]) ?? firstText(body, ["error", "code"]);
  const secrets = [...context.secrets, ...tokensIn(body)];
  const correlationId =
    firstText(body, ["correlationid", "correlation_id"]) ??
    answer.header("x-correlation-id") ??
    answer.header("x-ms-correlation-request-id");
  return {
    kind: "failure",
    code: refusalCode(status, said ?? ""),
    what: `answered ${status}`,
    retriable: isRetriableStatus(status),
    statusCode: status,
    remedy:
      status === 404 ? "Check that the variable holds the whole URL of the endpoint, its path included." : undefined,
    endpointMessage: said && printable(said, secrets),
    correlationId: correlationId && printable(correlationId, secrets),
    retryAfterInMs: retryAfterInMs((name) => answer.header(name), context.now),
    unsupportedApiVersion:
      status === 400 && firstText(body, ["code", "error"])?.toLowerCase() === "unsupportedapiversion",
  };
}

function refusalCode(status: number, said: string): FailureCode {
  if (status === 401 || status === 403) {
    return "UNAUTHORIZED";
  }
  if (status === 429) {
    return "THROTTLED";
  }
  if (status >= 500) {
    return "SERVICE_FAILED";
  }
  return status === 400 && identityMissing.test(said) ? "IDENTITY_NOT_FOUND" : "REJECTED";
}

/** Hosts nest one `error` in another at most; a body of a megabyte could nest a hundred thousand. */
const maxNesting = 3;

/** The fields of an error body by lower-case name, those of a nested `error` object included: casing differs by host. */
function fieldsOf(body: Record<string, unknown>, depth = 0): Map<string, unknown> {
  const fields = new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
  const nested = fields.get("error");
  return isObject(nested) && depth < maxNesting ? new Map([...fields, ...fieldsOf(nested, depth + 1)]) : fields;
}

function firstText(fields: ReadonlyMap<string, unknown>, names: readonly string[]): string | undefined {
  return names.map((name) => fields.get(name)).find((value) => typeof value === "string" && value !== "") as
    | string
    | undefined;
}

function tokensIn(fields: ReadonlyMap<string, unknown>): string[] {
  return ["access_token", "refresh_token", "id_token"]
    .map((name) => fields.get(name))
    .filter((v) => typeof v === "string");
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // the caller says what the body was instead
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Begins as a JSON object and leaves something open: seen under load, and worth another try. */
function isCutOff(body: string): boolean {
  const outline = body.replace(/"[^"\\]*(?:\\.[^"\\]*)*(?:"|$)/gs, "");
  const count = (bracket: RegExp): number => outline.match(bracket)?.length ?? 0;
  return outline.trimStart().startsWith("{") && count(/[{[]/g) > count(/[}\]]/g);
}
