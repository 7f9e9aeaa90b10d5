import { AppServiceMsiCredential, AppServiceMsiError } from "@appservice-msi/credential";
import nock from "nock";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";

/** An HTTP answer of the played endpoint. A body that is no string is sent as JSON. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the played endpoint does with a request: answer, break the connection, never answer, or decide when it has seen it. */
export type Act = Reply | Error | "hang" | ((request: SeenRequest) => Act);

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** When it came, in milliseconds since 1970, by the clock of the test. */
  readonly at: number;
}

/** An endpoint played by nock: it performs its acts in turn, and remembers what it was asked. */
export interface PlayedEndpoint {
  readonly requests: readonly SeenRequest[];
  /** The variables that lead to it, in the way of 2019-08-01. Tests may change them. */
  readonly env: Record<string, string | undefined>;
}

export const secret = "4d1b6a0e-SECRET-9f3c";
export const storage = "https://storage.azure.com";
export const vault = "https://vault.azure.net";

const origin = "http://127.0.0.1:41601";
const hour = 3_600_000;

const unexpected: string[] = [];

/** Several times as many as an answer was seen to need. */
const turnsPerAnswer = 10;

/**
 * Keeps a test file away from the network. Each test has to see as many requests as its endpoints have acts, none else and none
 * less.
 */
export function useNock(): void {
  beforeAll(async () => {
    if (!nock.isActive()) {
      nock.activate(); // the file before this one, in the same process, has let go of the network
    }
    nock.disableNetConnect();
    nock.emitter.on("no match", noteUnexpected);
    playEndpoint([token()]);
    // The network part is loaded now, so that no file is read in virtual time. Whether it works is for the tests to say.
    await Promise.allSettled([credentialFor().getToken(storage)]);
    nock.cleanAll();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    const pending = nock.pendingMocks();
    const surplus = unexpected.splice(0);
    nock.cleanAll();
    expect({ pending, surplus }).toEqual({ pending: [], surplus: [] });
  });
  afterAll(() => {
    nock.emitter.off("no match", noteUnexpected);
    nock.enableNetConnect();
    nock.restore();
  });
}

function noteUnexpected({ method, url }: { method: string; url: string }): void {
  unexpected.push(`${method} ${url}`);
}

/** Plays an endpoint that performs one act for each request. */
export function playEndpoint(acts: readonly Act[], at = `${origin}/msi/token`): PlayedEndpoint {
  const requests: SeenRequest[] = [];
  const scope = nock(new URL(at).origin);
  for (const act of acts) {
    scope
      .get(() => true)
      .reply(async (request: Request): Promise<nock.ReplyFnResult> => {
        const { method, url } = request;
        const headers = Object.fromEntries(request.headers);
        const seen = { method, url, headers, body: await request.text(), at: Date.now() };
        requests.push(seen);
        return perform(act, seen);
      });
  }
  return { requests, env: { IDENTITY_ENDPOINT: at, IDENTITY_HEADER: secret } };
}

function perform(act: Act, request: SeenRequest): nock.ReplyFnResult | Promise<nock.ReplyFnResult> {
  if (typeof act === "function") {
    return perform(act(request), request);
  }
  if (act === "hang") {
    return new Promise(() => {});
  }
  if (act instanceof Error) {
    throw act;
  }
  const { status, body = "", headers = {} } = act;
  const isJson = typeof body !== "string";
  return [
    status,
    isJson ? JSON.stringify(body) : body,
    { "content-type": isJson ? "application/json" : "text/plain", ...headers },
  ];
}

/** 200 with a token that lives for 24 h, unless the fields say otherwise. */
export function token(fields: Readonly<Record<string, unknown>> = {}): Reply {
  return {
    status: 200,
    body: {
      access_token: "eyJ0eXAi.the.token",
      expires_on: String(Math.floor((Date.now() + 24 * hour) / 1000)),
      resource: storage,
      token_type: "Bearer",
      ...fields,
    },
  };
}

/** A refusal as App Service words it. */
export function refusal(status: number, message = "No.", headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    body: { statusCode: status, message, correlationId: "11111111-2222-3333-4444-555555555555" },
    headers,
  };
}

/** What a host says that does not speak the API version. */
export function unsupportedApiVersion(apiVersion = "2019-08-01"): Reply {
  const message = `The HTTP resource that matches the request URI 'http://localhost:8081/msi/token' does not support the API version '${apiVersion}'.`;
  return { status: 400, body: { error: { code: "UnsupportedApiVersion", message, innerError: null } } };
}

/** A connection that fails, with the code that Node gives. */
export function connectionError(code: string): Error {
  return Object.assign(new Error(`connect ${code} 127.0.0.1:41601`), { code });
}

/** The time between one request and the next, in milliseconds. */
export function pausesOf({ requests }: PlayedEndpoint): number[] {
  return requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0));
}

/** Gives up the acts that have not been asked for, where a test cannot know their number beforehand. */
export function dropPending(): void {
  nock.cleanAll();
}

/** A credential that reads the variables of the endpoint. */
export function credentialFor(
  endpoint: Pick<PlayedEndpoint, "env"> = {
    env: { IDENTITY_ENDPOINT: `${origin}/msi/token`, IDENTITY_HEADER: secret },
  },
  options: ConstructorParameters<typeof AppServiceMsiCredential>[1] = {},
): AppServiceMsiCredential {
  return new AppServiceMsiCredential({ env: endpoint.env, ...options });
}

/** The credential's error that the promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<AppServiceMsiError> {
  const error: unknown = await promise.then(
    () => new Error("There was a token."),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppServiceMsiError)) {
    throw error;
  }
  return error;
}

/** Stops all clocks; `inVirtualTime` and `elapse` move them. */
export function stopClocks(now: number | string = "2030-06-20T12:00:00Z"): void {
  vi.useFakeTimers({ now: new Date(now), toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
}

/** Waits for the promise to settle, in virtual time: whenever nothing is being answered, the next timer is due. */
export async function inVirtualTime<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  const end = (): void => {
    settled = true;
  };
  promise.then(end, end);
  for (;;) {
    await untilIdle();
    if (settled) {
      return promise;
    }
    if (vi.getTimerCount() === 0) {
      throw new Error("The promise waits for nothing that a clock could bring.");
    }
    await vi.advanceTimersToNextTimerAsync();
  }
}

/** Lets so much virtual time pass; what is asked on the way is answered on the way. */
export function elapse(durationInMs: number): Promise<void> {
  return inVirtualTime(new Promise((resolve) => setTimeout(resolve, durationInMs)));
}

/** nock answers after some turns of the event loop, and no clock tells when. */
async function untilIdle(): Promise<void> {
  for (let turn = 0; turn < turnsPerAnswer; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop -- turn after turn is the point
    await new Promise((resolve) => setImmediate(resolve));
  }
}
