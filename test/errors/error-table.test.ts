import {
  type AppServiceMsiCredential,
  AppServiceMsiError,
  type AppServiceMsiErrorCode,
} from "@appservice-msi/credential";
import { ChainedTokenCredential } from "@azure/identity";
import { describe, expect, it } from "vitest";
import {
  type Act,
  connectionError,
  credentialFor,
  failureOf,
  inVirtualTime,
  playEndpoint,
  refusal,
  secret,
  stopClocks,
  storage,
  token,
  useNock,
} from "../play-endpoint.ts";

useNock();

type Options = Parameters<typeof credentialFor>[1];

/** How an error comes about, and what its message has to say. */
interface Row {
  readonly what: string;
  readonly acts?: readonly Act[];
  /** Changes to the variables of the played endpoint. */
  readonly env?: Record<string, string | undefined>;
  readonly options?: Options;
  readonly scopes?: string | string[];
  readonly says: readonly (string | RegExp)[];
  readonly details?: Partial<AppServiceMsiError>;
}

const clientId = "11112222-aaaa-4bbb-8ccc-333344445555";
const resourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine";
const userAssigned = { managedIdentityClientId: clientId };
const endpoint = "IDENTITY_ENDPOINT (http://127.0.0.1:41601)";
const correlationId = "11111111-2222-3333-4444-555555555555";
const identityNotFound = refusal(400, "No User Assigned or Delegated Managed Identity found for specified ClientId.");

const rows = {
  NOT_CONFIGURED: [
    {
      what: "no variables at all",
      env: { IDENTITY_ENDPOINT: undefined, IDENTITY_HEADER: undefined },
      says: ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET", /assign an identity/i],
    },
    {
      what: "half of a pair",
      env: { IDENTITY_HEADER: "" },
      says: ["IDENTITY_ENDPOINT is set, but IDENTITY_HEADER is not"],
    },
    {
      what: "Service Fabric",
      env: { IDENTITY_SERVER_THUMBPRINT: "AB12" },
      says: ["IDENTITY_SERVER_THUMBPRINT", "Service Fabric"],
    },
    {
      what: "Azure Arc",
      env: { IDENTITY_HEADER: undefined, IMDS_ENDPOINT: "http://localhost:40342" },
      says: ["IMDS_ENDPOINT", "Azure Arc"],
    },
    {
      what: "Cloud Shell",
      env: {
        IDENTITY_ENDPOINT: undefined,
        IDENTITY_HEADER: undefined,
        MSI_ENDPOINT: "http://localhost:50342/oauth2/token",
      },
      says: ["MSI_ENDPOINT", "Cloud Shell"],
    },
  ],
  INVALID_ENDPOINT: [
    ...[
      "localhost:8081/msi/token",
      "127.0.0.1:8081",
      "/msi/token",
      "http//x",
      "ftp://127.0.0.1/",
      "file:///etc/passwd",
      "http://",
      "http://127.0.0.1:99999/",
      "javascript:alert(1)",
    ].map((url) => ({
      what: url,
      env: { IDENTITY_ENDPOINT: url },
      says: ["IDENTITY_ENDPOINT", /no http or https URL/, /correct it/],
    })),
    {
      what: "a password in the URL",
      env: { IDENTITY_ENDPOINT: "http://user:pass@127.0.0.1:41601/" },
      says: ["IDENTITY_ENDPOINT", "127.0.0.1:41601", /remove/i],
    },
    ...[`${secret}\r\nx: y`, `${secret}\nx`, `${secret}\u0000`, `${secret}\u007f`, `${secret}é€`, "😀"].map(
      (header) => ({
        what: `the header ${JSON.stringify(header)}`,
        env: { IDENTITY_HEADER: header },
        says: ["IDENTITY_HEADER", /no HTTP header may hold/, /Set it/],
      }),
    ),
    {
      what: "MSI_ENDPOINT",
      env: { IDENTITY_ENDPOINT: "", MSI_ENDPOINT: "nonsense", MSI_SECRET: secret },
      says: ["MSI_ENDPOINT"],
    },
    {
      what: "MSI_SECRET",
      env: { IDENTITY_ENDPOINT: "", MSI_ENDPOINT: "http://localhost/", MSI_SECRET: "a\nb" },
      says: ["MSI_SECRET"],
    },
  ],
  INVALID_SCOPE: [
    { what: "none", scopes: [], says: [/no scope/, /one scope/] },
    { what: "two", scopes: [storage, "https://vault.azure.net"], says: [/2 scopes/, /once for each/] },
    { what: "an empty one", scopes: "", says: ['""', "https://storage.azure.com/.default"] },
    {
      what: "nothing but the suffix",
      scopes: ["/.default"],
      says: ['"/.default"', "https://storage.azure.com/.default"],
    },
  ],
  UNSUPPORTED_IDENTITY: [
    {
      what: "a resource id in 2017-09-01",
      env: { IDENTITY_ENDPOINT: "", MSI_ENDPOINT: "http://10.0.0.7:8081/msi/token", MSI_SECRET: secret },
      options: { managedIdentityResourceId: resourceId },
      says: [
        "MSI_ENDPOINT (http://10.0.0.7:8081)",
        `resource id ${resourceId}`,
        "2017-09-01",
        "managedIdentityClientId",
      ],
      details: { apiVersion: "2017-09-01" },
    },
  ],
  IDENTITY_MISMATCH: [
    {
      what: "a token of the system-assigned identity",
      acts: [token({ client_id: "99990000-aaaa-4bbb-8ccc-333344445555" })],
      options: userAssigned,
      says: [endpoint, `client id ${clientId}`, "99990000-aaaa-4bbb-8ccc-333344445555", "tried once", /Check/],
      details: { statusCode: 200, apiVersion: "2019-08-01" },
    },
  ],
  IDENTITY_NOT_FOUND: [
    {
      what: "a user-assigned one",
      acts: [identityNotFound],
      options: userAssigned,
      says: [
        endpoint,
        `user-assigned identity with client id ${clientId}`,
        "tried once",
        /Assign that identity/,
        "No User Assigned",
        correlationId,
      ],
      details: { statusCode: 400, correlationId, apiVersion: "2019-08-01" },
    },
    {
      what: "by resource id",
      acts: [identityNotFound],
      options: { resourceId },
      says: [`resource id ${resourceId}`, /Assign that identity/],
    },
    {
      what: "by object id",
      acts: [identityNotFound],
      options: { objectId: clientId },
      says: [`object id ${clientId}`, /object \(principal\) id/],
    },
    {
      what: "the system-assigned one",
      acts: [refusal(400, "Unable to load requested managed identity.")],
      says: [endpoint, "system-assigned identity", "tried once", /Turn on/, "managedIdentityClientId"],
    },
    {
      what: "over 2017-09-01",
      env: { IDENTITY_ENDPOINT: "", MSI_ENDPOINT: "http://127.0.0.1:41601/msi/token", MSI_SECRET: secret },
      acts: [
        {
          status: 400,
          body: {
            StatusCode: 400,
            Message: "No MSI found for specified ClientId/ResourceId.",
            CorrelationId: correlationId,
          },
        },
      ],
      options: userAssigned,
      says: ["MSI_ENDPOINT (http://127.0.0.1:41601)", clientId, "2017-09-01", "No MSI found", correlationId],
      details: { statusCode: 400, correlationId, apiVersion: "2017-09-01" },
    },
  ],
  UNAUTHORIZED: [401, 403].map((status) => ({
    what: String(status),
    acts: [{ status }],
    options: userAssigned,
    says: [endpoint, String(status), clientId, "tried once", "IDENTITY_HEADER", /rotates/],
    details: { statusCode: status, apiVersion: "2019-08-01" },
  })),
  REJECTED: [
    {
      what: "400 for a reason of its own",
      acts: [refusal(400, "Own words.")],
      options: userAssigned,
      says: [endpoint, "400", clientId, storage, "tried once", /Check the resource/, "Own words.", correlationId],
      details: { statusCode: 400, correlationId },
    },
    {
      what: "404 to the end",
      acts: Array<Act>(4).fill(refusal(404)),
      says: [endpoint, "404", "system-assigned identity", "tried 4 times"],
      details: { statusCode: 404 },
    },
    { what: "405", acts: [{ status: 405 }], says: [endpoint, "405", "tried once"], details: { statusCode: 405 } },
  ],
  THROTTLED: [
    {
      what: "429 to the end",
      acts: Array<Act>(6).fill(refusal(429, "Too many.")),
      options: userAssigned,
      says: [endpoint, "429", clientId, "tried 6 times", /one credential/, "Too many."],
      details: { statusCode: 429 },
    },
    {
      what: "a Retry-After that is too long",
      acts: [refusal(429, "Too many.", { "retry-after": "45" })],
      says: [endpoint, "429", "45000 ms", "tried once", /wait/],
      details: { statusCode: 429, retryAfterInMs: 45_000 },
    },
  ],
  SERVICE_FAILED: [
    {
      what: "500 to the end",
      acts: Array<Act>(6).fill(refusal(500, "An unexpected error occured while fetching the AAD Token.")),
      options: userAssigned,
      scopes: "https://wrong.test/.default",
      says: [
        endpoint,
        "500",
        clientId,
        "https://wrong.test",
        "tried 6 times",
        /check the resource/i,
        "An unexpected error",
        correlationId,
      ],
      details: { statusCode: 500, correlationId },
    },
    { what: "501", acts: [{ status: 501 }], says: [endpoint, "501", "tried once"], details: { statusCode: 501 } },
  ],
  UNREACHABLE: [
    {
      what: "nothing listens",
      acts: Array<Act>(6).fill(connectionError("ECONNREFUSED")),
      options: userAssigned,
      says: [endpoint, "ECONNREFUSED", /nothing listens/, clientId, "tried 6 times", /Check that/],
    },
    {
      what: "the connection is reset",
      acts: Array<Act>(6).fill(connectionError("ECONNRESET")),
      says: [
        endpoint,
        "ECONNRESET",
        /closed the connection/,
        "system-assigned identity",
        "tried 6 times",
        /Check that/,
      ],
    },
    {
      what: "the host name is unknown",
      env: { IDENTITY_ENDPOINT: "http://no-such-host.test:8081/msi/token" },
      acts: Array<Act>(6).fill(connectionError("ENOTFOUND")),
      says: ["IDENTITY_ENDPOINT (http://no-such-host.test:8081)", "ENOTFOUND", /host name/, "tried 6 times"],
    },
  ],
  TIMEOUT: [
    {
      what: "no answer at all",
      acts: ["hang", "hang", "hang"],
      options: userAssigned,
      says: [endpoint, "30000 ms", clientId, "tried 3 times", /timeoutInMs/],
    },
    {
      what: "none in any attempt",
      acts: ["hang", "hang"],
      options: { attemptTimeoutInMs: 100, retryOptions: { maxRetries: 1 } },
      says: [endpoint, "100 ms", "tried 2 times", /attemptTimeoutInMs/],
    },
  ],
  INVALID_RESPONSE: [
    {
      what: "HTML",
      acts: [{ status: 200, body: "<h1>Hello</h1>", headers: { "content-type": "text/html" } }],
      options: userAssigned,
      says: [endpoint, "200", "text/html", "14", clientId, "tried once", /Check that IDENTITY_ENDPOINT/],
      details: { statusCode: 200, apiVersion: "2019-08-01" },
    },
  ],
} satisfies Readonly<Record<AppServiceMsiErrorCode, readonly Row[]>>;

const table = Object.entries(rows).flatMap(([code, list]) =>
  list.map((row: Row): [code: string, what: string, row: Row] => [code, row.what, row]),
);

/** A credential that will run into the row's error. */
function arrange({ acts = [], env = {}, options = {} }: Row): AppServiceMsiCredential {
  stopClocks();
  const at = [env["IDENTITY_ENDPOINT"], env["MSI_ENDPOINT"]].find((url) => url !== undefined && URL.canParse(url));
  const played = acts.length === 0 ? playEndpoint([]) : playEndpoint(acts, at);
  return credentialFor({ env: { ...played.env, ...env } }, options);
}

function scopesOf({ scopes = `${storage}/.default` }: Row): string | string[] {
  return scopes;
}

function provoke(row: Row): Promise<AppServiceMsiError> {
  return inVirtualTime(failureOf(arrange(row).getToken(scopesOf(row))));
}

describe.each(table)("%s: %s", (code, _what, row) => {
  const name = code === "NOT_CONFIGURED" ? "CredentialUnavailableError" : "AuthenticationError";

  it(`is an AppServiceMsiError of this code, named ${name}`, async () => {
    const error = await provoke(row);
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(AppServiceMsiError);
    expect(error).toMatchObject({ code, name, ...row.details });
    expect(error.toString()).toContain(`${name}: `);
  });

  it("says what happened, where, for which identity, how often it was tried, and what to do next", async () => {
    const { message } = await provoke(row);
    for (const words of row.says) {
      expect(message).toMatch(words);
    }
    expect(message).not.toContain(secret);
    expect(message).not.toMatch(/undefined|\[object|NaN|null/);
    expect(message.length).toBeLessThan(1500);
  });

  it(code === "NOT_CONFIGURED" ? "lets a chain go on" : "stops a chain", async () => {
    const credential = arrange(row);
    const next = { token: "next", expiresOnTimestamp: Date.now() + 3_600_000 };
    const chain = new ChainedTokenCredential(credential, { getToken: () => Promise.resolve(next) });
    const got = inVirtualTime(chain.getToken(scopesOf(row)));
    await (code === "NOT_CONFIGURED"
      ? expect(got).resolves.toBe(next)
      : expect(got).rejects.toMatchObject({ code, name }));
  });
});

describe("the errors that are none of these", () => {
  it("are AbortError for an abort", async () => {
    const credential = credentialFor(playEndpoint([]));
    const abort = credential.getToken(storage, { abortSignal: AbortSignal.abort() });
    await expect(abort).rejects.toMatchObject({ name: "AbortError" });
    await expect(abort).rejects.not.toBeInstanceOf(AppServiceMsiError);
  });

  it.each<[what: string, options: unknown, words: string[]]>([
    [
      "two ids",
      { managedIdentityClientId: "a", managedIdentityResourceId: "b" },
      ["managedIdentityClientId", "managedIdentityResourceId"],
    ],
    ["three ids", { clientId: "a", resourceId: "b", objectId: "c" }, ["clientId", "resourceId", "objectId"]],
    [
      "one id in both spellings",
      { managedIdentityClientId: "a", clientId: "a" },
      ["managedIdentityClientId", "clientId"],
    ],
    ["an id that is no string", { managedIdentityClientId: 7 }, ["managedIdentityClientId"]],
    ["a blank id", { managedIdentityClientId: " " }, ["managedIdentityClientId"]],
    ["an unknown API version", { apiVersion: "2018-02-01" }, ["apiVersion", "2019-08-01", "2017-09-01", "auto"]],
    ["a time that is no number", { timeoutInMs: "5" }, ["timeoutInMs"]],
  ])("are TypeError in the constructor for %s, which names what was given", (_what, options, words) => {
    const make = (): unknown => credentialFor({ env: {} }, options as Options);
    expect(make).toThrow(TypeError);
    for (const word of words) {
      expect(make).toThrow(word);
    }
  });

  it.each([
    { timeoutInMs: 0 },
    { timeoutInMs: -1 },
    { timeoutInMs: Number.NaN },
    { timeoutInMs: Infinity },
    { attemptTimeoutInMs: 0 },
    { retryOptions: { maxRetries: -1 } },
  ])("are RangeError in the constructor for %j", (options) => {
    expect(() => credentialFor({ env: {} }, options)).toThrow(RangeError);
  });
});
