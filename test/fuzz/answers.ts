import { AppServiceMsiCredential, type AppServiceMsiCredentialOptions } from "@appservice-msi/credential";
import { createHttpHeaders, type HttpClient, RestError } from "@azure/core-rest-pipeline";
import * as fc from "fast-check";
import { canarySecret } from "../canaries.ts";
import { recordTelemetry } from "../telemetry-record.ts";
import { body, headers, id, scope, status, text, tokenAnswer } from "./arbitraries.ts";
import { checkSecrecy, documentedOutcome, judgeMisuse } from "./outcome.ts";
import { Tally, type Target } from "./target.ts";

/** What the network does with a request. */
type Reaction =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: string;
    }
  | { readonly kind: "error"; readonly error: Error }
  | { readonly kind: "hang" };

const errorCode = fc.constantFrom(
  ..."ECONNREFUSED,ECONNRESET,ENOTFOUND,EPIPE,ETIMEDOUT,HPE_INVALID_CONSTANT,CERT_HAS_EXPIRED,PARSE_ERROR,__proto__".split(
    ",",
  ),
);

const networkError = fc.oneof(
  fc
    .tuple(text, errorCode)
    .map(([message, code]) => Object.assign(new Error(message), { code, config: { canarySecret } })),
  fc.tuple(text, errorCode).map(([message, code]) => new RestError(message, { code, statusCode: 500 })),
  text.map((message) => new TypeError("fetch failed", { cause: new Error(message) })),
  text.map((message) => Object.assign(new Error(message), { name: "AbortError" })),
);

const reaction: fc.Arbitrary<Reaction> = fc.oneof(
  {
    weight: 3,
    arbitrary: tokenAnswer.map((given) => ({ kind: "answer", status: 200, headers: {}, body: given }) as const),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("answer" as const), status, headers, body }) },
  { weight: 2, arbitrary: networkError.map((error) => ({ kind: "error", error }) as const) },
  fc.constant({ kind: "hang" } as const),
);

const secret = fc.oneof(
  { weight: 6, arbitrary: fc.constant(canarySecret) },
  fc.constantFrom(`  ${canarySecret}\n`, `${canarySecret}\r\n${canarySecret}`, `${canarySecret}\u2603`, "", " "),
);

const url = fc.oneof(
  { weight: 6, arbitrary: fc.constant("http://127.0.0.1:41601/msi/token") },
  fc.constantFrom(
    "http://[::1]:41601/MSI/token/",
    "https://localhost/?a=b#c",
    `http://127.0.0.1:41601/?code=${encodeURIComponent(canarySecret)}`,
    `http://user:${encodeURIComponent(canarySecret)}@127.0.0.1/`,
    "http://169.254.169.254",
    "ftp://127.0.0.1/",
    "127.0.0.1:41601",
    "http://",
    canarySecret,
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);

const env = fc.record(
  {
    IDENTITY_ENDPOINT: url,
    IDENTITY_HEADER: secret,
    MSI_ENDPOINT: url,
    MSI_SECRET: secret,
    AZURE_CLIENT_ID: id,
    IDENTITY_SERVER_THUMBPRINT: fc.constantFrom("", "1234"),
    IMDS_ENDPOINT: fc.constantFrom("", "http://127.0.0.1:40342"),
  },
  { requiredKeys: [] },
);

/** Most runs need an endpoint, or nothing is ever asked. */
const surroundings = fc.oneof(
  { weight: 4, arbitrary: env.map((more) => ({ ...more, ...usualEnv, IDENTITY_SERVER_THUMBPRINT: "" })) },
  env,
);
const usualEnv = { IDENTITY_ENDPOINT: "http://127.0.0.1:41601/msi/token", IDENTITY_HEADER: canarySecret };

const identity: fc.Arbitrary<AppServiceMsiCredentialOptions> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  fc.record({ managedIdentityClientId: id }),
  fc.record({ managedIdentityResourceId: id }),
  fc.record({ objectId: id }),
  fc.record({ clientId: id, resourceId: id }),
);

const settings: fc.Arbitrary<AppServiceMsiCredentialOptions> = fc.record(
  {
    apiVersion: fc.constantFrom("auto", "2019-08-01", "2017-09-01"),
    userAgentOptions: fc.record({ userAgentPrefix: fc.string({ unit: "binary" }) }),
    loggingOptions: fc.constant({
      additionalAllowedHeaderNames: ["X-IDENTITY-HEADER", "Secret", "Authorization", "etag"],
      additionalAllowedQueryParameters: ["api-version"],
    }),
  },
  { requiredKeys: [] },
);

const options = fc.tuple(identity, settings).map(([named, set]) => ({ ...named, ...set }));

const call = fc.record(
  {
    scope,
    claims: text,
    abortAfterInMs: fc.integer({ min: -1, max: 10 }),
    timeout: fc.integer({ min: -1, max: 30 }),
  },
  { requiredKeys: ["scope"] },
);

const run = fc.record({
  env: surroundings,
  options,
  retries: fc.integer({ min: 0, max: 2 }),
  timeoutInMs: fc.integer({ min: 1, max: 25 }),
  reactions: fc.array(reaction, { minLength: 1, maxLength: 4 }),
  calls: fc.array(call, { minLength: 1, maxLength: 3 }),
});
type Run = typeof run extends fc.Arbitrary<infer Value> ? Value : never;

/** Everything the credential is given or told, short of sockets. */
export const answers: Target = {
  name: "answers",
  claim:
    "whatever variables, options, scopes, statuses, headers, bodies and errors come, a call ends in time with a token or a documented error, and nothing shows the secret or the token",
  quickRuns: 300,
  open: () => {
    const outcomes = new Tally();
    const record = recordTelemetry();
    return Promise.resolve({
      outcomes,
      property: fc.asyncProperty(run, async (given) => {
        for (const outcome of await perform(given)) {
          outcomes.count(outcome);
        }
        checkSecrecy("What was logged or traced", record.take().text);
      }),
      [Symbol.asyncDispose]: () => Promise.resolve(record.stop()),
    });
  },
};

async function perform({
  env: variables,
  options: given,
  retries,
  timeoutInMs,
  reactions,
  calls,
}: Run): Promise<string[]> {
  let credential: AppServiceMsiCredential;
  try {
    credential = new AppServiceMsiCredential({
      ...given,
      env: variables,
      timeoutInMs,
      retryOptions: { maxRetries: retries, retryDelayInMs: 1, maxRetryDelayInMs: 1 },
      httpClient: clientOf(reactions),
    });
  } catch (error) {
    return [judgeMisuse(error)];
  }
  return Promise.all(
    calls.map(({ scope: scopes, claims, abortAfterInMs, timeout }) =>
      documentedOutcome(
        credential.getToken(scopes, {
          ...(claims === undefined ? {} : { claims }),
          ...(timeout === undefined ? {} : { requestOptions: { timeout } }),
          ...(abortAfterInMs === undefined ? {} : { abortSignal: signalAfter(abortAfterInMs) }),
        }),
      ),
    ),
  );
}

function signalAfter(delayInMs: number): AbortSignal {
  return delayInMs < 0 ? AbortSignal.abort() : AbortSignal.timeout(delayInMs);
}

function clientOf(reactions: readonly Reaction[]): HttpClient {
  let turn = 0;
  return {
    sendRequest: (request) => {
      const next = reactions[turn++ % reactions.length] as Reaction;
      switch (next.kind) {
        case "answer":
          return Promise.resolve({
            request,
            status: next.status,
            headers: createHttpHeaders(next.headers),
            bodyAsText: next.body,
          });
        case "error":
          return Promise.reject(next.error);
        default:
          return new Promise(() => {});
      }
    },
  };
}
