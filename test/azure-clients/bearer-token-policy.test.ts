import type { AppServiceMsiCredential } from "@appservice-msi/credential";
import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
} from "@azure/core-rest-pipeline";
import { describe, expect, it, vi } from "vitest";
import {
  type Act,
  connectionError,
  credentialFor,
  dropPending,
  elapse,
  inVirtualTime,
  playEndpoint,
  refusal,
  stopClocks,
  storage,
  token,
  useNock,
} from "../play-endpoint.ts";

useNock();

const minute = 60_000;
const hour = 60 * minute;

/** An Azure client that asks for storage, and a service that takes no token that has expired. */
class Client {
  /** When the tokens seen expire, in milliseconds since 1970, in the order they were first seen. */
  readonly tokens: number[] = [];
  #pipeline = createEmptyPipeline();
  #refusals = 0;

  constructor(credential: AppServiceMsiCredential) {
    this.#pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${storage}/.default` }));
  }

  /** Answers 401 with a claims challenge to the next request, as a service does whose access policy has changed. */
  challengeNext(): void {
    this.#refusals = 1;
  }

  async send(): Promise<number> {
    const request = createPipelineRequest({ url: "https://account.blob.core.windows.net/container" });
    const { status } = await this.#pipeline.sendRequest(this.#service, request);
    return status;
  }

  readonly #service: HttpClient = {
    sendRequest: (request) => {
      const expiresOn = Number(/^Bearer expires-(\d+)/.exec(request.headers.get("authorization") ?? "")?.[1]);
      expect(expiresOn).toBeGreaterThan(Date.now());
      if (!this.tokens.includes(expiresOn)) {
        this.tokens.push(expiresOn);
      }
      const challenged = this.#refusals-- > 0;
      const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString("base64");
      const headers = createHttpHeaders(
        challenged ? { "WWW-Authenticate": `Bearer realm="", error="insufficient_claims", claims="${claims}"` } : {},
      );
      return Promise.resolve({ request, status: challenged ? 401 : 200, headers });
    },
  };
}

/** A token whose text says when it expires. */
function tokenFor(lifeInMs: number): Act {
  return () => {
    const expiresOn = Date.now() + lifeInMs;
    return token({ access_token: `expires-${expiresOn}`, expires_on: expiresOn / 1000 });
  };
}

/** What the platform's cache does: the same token until 5 minutes before it expires. */
function platformCache(lifeInMs: number): Act {
  let expiresOn = 0;
  return () => {
    if (expiresOn - Date.now() < 5 * minute) {
      expiresOn = Date.now() + lifeInMs;
    }
    return token({ access_token: `expires-${expiresOn}`, expires_on: expiresOn / 1000 });
  };
}

function times(count: number, act: Act): Act[] {
  return Array.from({ length: count }, () => act);
}

/** Sends a request at every step, three of them at once, and expects each to be answered without waiting. */
async function sendEvery(stepInMs: number, forInMs: number, client: Client): Promise<void> {
  for (const end = Date.now() + forInMs; Date.now() < end;) {
    const before = Date.now();
    // oxlint-disable-next-line no-await-in-loop -- there is one clock
    const statuses = await inVirtualTime(Promise.all([client.send(), client.send(), client.send()]));
    expect(statuses).toEqual([200, 200, 200]);
    expect(Date.now()).toBe(before);
    // oxlint-disable-next-line no-await-in-loop -- there is one clock
    await elapse(stepInMs);
  }
}

describe("an Azure client with bearerTokenAuthenticationPolicy", () => {
  it("never waits and never sends an expired token, with two requests to the endpoint a day", async () => {
    stopClocks();
    const endpoint = playEndpoint(times(20, tokenFor(24 * hour)));
    const client = new Client(credentialFor(endpoint));
    await sendEvery(5 * minute, 72 * hour, client);
    expect(endpoint.requests.length).toBeGreaterThanOrEqual(6);
    expect(endpoint.requests.length).toBeLessThanOrEqual(8);
    expect(client.tokens.length).toBe(endpoint.requests.length);
    dropPending();
  });

  it("asks a few times a day although the platform's cache brings the same token again and again", async () => {
    stopClocks();
    const endpoint = playEndpoint(times(100, platformCache(24 * hour)));
    const client = new Client(credentialFor(endpoint));
    await sendEvery(5 * minute, 72 * hour, client);
    expect(endpoint.requests.length).toBeLessThanOrEqual(60);
    expect(client.tokens.length).toBeGreaterThanOrEqual(3);
    dropPending();
  });

  it("crosses the refresh point with one request behind its callers", async () => {
    stopClocks();
    vi.spyOn(Math, "random").mockReturnValue(0);
    const endpoint = playEndpoint([tokenFor(2 * hour), tokenFor(2 * hour)]);
    const client = new Client(credentialFor(endpoint));
    await sendEvery(minute, 115 * minute, client);
    expect(endpoint.requests).toHaveLength(1);
    await sendEvery(1000, 5 * minute, client);
    expect(endpoint.requests).toHaveLength(2);
    expect(client.tokens).toHaveLength(2);
  });

  it("does not notice an endpoint that is away for most of a token's second half", async () => {
    stopClocks();
    const outage: Act = ({ at }) =>
      at < end ? (at % 2 === 0 ? refusal(503) : connectionError("ECONNREFUSED")) : tokenFor(24 * hour);
    const endpoint = playEndpoint([tokenFor(24 * hour), ...times(600, outage)]);
    const end = Date.now() + 23 * hour;
    const client = new Client(credentialFor(endpoint, { retryOptions: { maxRetries: 0 } }));
    await sendEvery(minute, 25 * hour, client);
    expect(endpoint.requests.length).toBeLessThan(250);
    expect(client.tokens).toHaveLength(2);
    dropPending();
  });

  it("does not hang on an endpoint that hangs, as long as there is a token", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(3 * hour), ...times(200, "hang")]);
    const client = new Client(credentialFor(endpoint));
    await sendEvery(20_000, 2 * hour + 55 * minute, client);
    expect(endpoint.requests.length).toBeLessThan(120);
    dropPending();
  });

  it("gets one fresh token for a claims challenge", async () => {
    stopClocks();
    const endpoint = playEndpoint([tokenFor(24 * hour), tokenFor(25 * hour)]);
    const client = new Client(credentialFor(endpoint));
    expect(await client.send()).toBe(200);
    client.challengeNext();
    expect(await inVirtualTime(client.send())).toBe(200);
    expect(await client.send()).toBe(200);
    expect(endpoint.requests).toHaveLength(2);
    expect(client.tokens).toHaveLength(2);
  });
});
