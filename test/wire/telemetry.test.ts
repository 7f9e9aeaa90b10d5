import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { TokenEvent } from "@appservice-msi/credential";
import { type Instrumenter, type TracingContext, type TracingSpan, useInstrumenter } from "@azure/core-tracing";
import { AzureLogger, setLogLevel } from "@azure/logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  credentialFor,
  elapse,
  failureOf,
  inVirtualTime,
  playEndpoint,
  refusal,
  secret,
  stopClocks,
  storage,
  token,
  unsupportedApiVersion,
  useNock,
  vault,
} from "../play-endpoint.ts";

useNock();

describe("the diagnostics channel appservice-msi:token", () => {
  const events: TokenEvent[] = [];
  const listen = (event: unknown): void => void events.push(event as TokenEvent);
  const systemAssigned = { kind: "systemAssigned" };

  beforeEach(() => {
    events.length = 0;
    subscribe("appservice-msi:token", listen);
    return () => unsubscribe("appservice-msi:token", listen);
  });

  it("tells of a miss, then of hits", async () => {
    const credential = credentialFor(playEndpoint([token()]));
    await credential.getToken(`${storage}/.default`);
    await credential.getToken(`${storage}/.default`);
    await credential.getToken([storage]);
    expect(events).toEqual([
      { type: "miss", resource: storage, identity: systemAssigned },
      { type: "hit", resource: storage, identity: systemAssigned },
      { type: "hit", resource: storage, identity: systemAssigned },
    ]);
  });

  it("tells once of a refresh behind the hits of several callers", async () => {
    stopClocks();
    const credential = credentialFor(playEndpoint([token(), token()]));
    await inVirtualTime(credential.getToken(storage));
    await elapse(13 * 3_600_000);
    await Promise.all([credential.getToken(storage), credential.getToken(storage), credential.getToken(storage)]);
    await elapse(1);
    expect(events.map(({ type }) => type)).toEqual(["miss", "refresh", "hit", "hit", "hit"]);
  });

  it("tells of a fallback and to which API version", async () => {
    const managedIdentityClientId = "11112222-aaaa-4bbb-8ccc-333344445555";
    const endpoint = playEndpoint([unsupportedApiVersion(), token()]);
    await credentialFor(endpoint, { managedIdentityClientId }).getToken(storage);
    const identity = { kind: "clientId", id: managedIdentityClientId };
    expect(events).toEqual([
      { type: "miss", resource: storage, identity },
      { type: "fallback", resource: storage, identity, apiVersion: "2017-09-01" },
    ]);
  });

  it("tells of a failure and its code", async () => {
    await failureOf(credentialFor(playEndpoint([refusal(401)])).getToken(storage));
    await failureOf(credentialFor({ env: {} }).getToken(storage));
    expect(events.filter(({ type }) => type === "failure")).toEqual([
      { type: "failure", resource: storage, identity: systemAssigned, code: "UNAUTHORIZED" },
      { type: "failure", resource: storage, identity: systemAssigned, code: "NOT_CONFIGURED" },
    ]);
  });

  it("tells of a refresh that failed, although the caller has a token", async () => {
    stopClocks();
    const credential = credentialFor(playEndpoint([token(), refusal(400)]));
    await inVirtualTime(credential.getToken(storage));
    await elapse(13 * 3_600_000);
    await credential.getToken(storage);
    await elapse(1);
    expect(events.map(({ type, code }) => code ?? type)).toEqual(["miss", "refresh", "hit", "REJECTED"]);
  });

  it("tells of a request that was given up when its time was over", async () => {
    stopClocks();
    const endpoint = playEndpoint(["hang"]);
    await inVirtualTime(failureOf(credentialFor(endpoint, { timeoutInMs: 500 }).getToken(storage)));
    expect(events.map(({ type, code }) => code ?? type)).toEqual(["miss", "TIMEOUT"]);
  });

  it("tells of a request that was given up because of Retry-After", async () => {
    stopClocks();
    const endpoint = playEndpoint([refusal(429, "", { "retry-after": "60" })]);
    await inVirtualTime(failureOf(credentialFor(endpoint).getToken(storage)));
    expect(events.map(({ type, code }) => code ?? type)).toEqual(["miss", "THROTTLED"]);
  });

  it("is not bothered when nobody listens", async () => {
    unsubscribe("appservice-msi:token", listen);
    await credentialFor(playEndpoint([token()])).getToken(storage);
    expect(events).toEqual([]);
  });
});

describe("the log at level info", () => {
  const lines: string[] = [];
  const { log } = AzureLogger;

  beforeEach(() => {
    lines.length = 0;
    AzureLogger.log = (...parts) => void lines.push(parts.join(" "));
    setLogLevel("info");
  });
  afterEach(() => {
    setLogLevel();
    AzureLogger.log = log;
  });

  it("shows what is asked and what is answered, under a name of its own, and not the secret", async () => {
    const managedIdentityClientId = "11112222-aaaa-4bbb-8ccc-333344445555";
    const endpoint = playEndpoint([token()]);
    await credentialFor(endpoint, { managedIdentityClientId }).getToken(storage);
    const text = lines.join("\n");
    expect(lines.every((line) => line.includes("azure:appservice-msi:"))).toBe(true);
    expect(text).toContain(`resource=${encodeURIComponent(storage)}&client_id=${managedIdentityClientId}`);
    expect(text).toContain('"x-identity-header": "REDACTED"');
    expect(text).toContain("Response status code: 200");
    expect(text).not.toContain(secret);
  });

  it("tells of a fallback", async () => {
    await credentialFor(playEndpoint([unsupportedApiVersion(), token()])).getToken(storage);
    expect(lines.join("\n")).toContain("does not support API version 2019-08-01; asking in 2017-09-01");
  });

  it("shows more headers and parameters if loggingOptions say so, but never the one with the secret", async () => {
    const endpoint = playEndpoint([token(), token()], "http://127.0.0.1:41601/msi/token?site=mine");
    const names = ["metadata", "X-Identity-Header", "x-identity-header", "Secret"];
    const loggingOptions = { additionalAllowedHeaderNames: names, additionalAllowedQueryParameters: ["site"] };
    await credentialFor(endpoint, { loggingOptions }).getToken(storage);
    await credentialFor(endpoint, { loggingOptions, apiVersion: "2017-09-01" }).getToken(storage);
    const text = lines.join("\n");
    expect(text).toContain('"metadata": "true"');
    expect(text).toContain("site=mine");
    expect(text).not.toContain(secret);
    expect(names).toHaveLength(4);
  });

  it("goes where loggingOptions.logger wants it", async () => {
    const own: string[] = [];
    const logger = Object.assign((line: string): void => void own.push(line), {
      enabled: true,
      namespace: "mine",
      log: () => {},
      extend: () => AzureLogger,
      destroy: () => true,
    });
    await credentialFor(playEndpoint([token()]), { loggingOptions: { logger } }).getToken(storage);
    expect(own.join("\n")).toContain("Response status code: 200");
    expect(own.join("\n")).not.toContain(secret);
  });
});

describe("a tracer", () => {
  const spans: SeenSpan[] = [];

  beforeEach(() => {
    spans.length = 0;
    useInstrumenter(recorder(spans));
  });

  it("sees a span for each request to the endpoint, retries included", async () => {
    stopClocks();
    const endpoint = playEndpoint([refusal(503), token(), token()]);
    const credential = credentialFor(endpoint);
    await inVirtualTime(credential.getToken(storage));
    await inVirtualTime(credential.getToken(vault));
    await credential.getToken(vault);
    expect(spans).toMatchObject([
      { name: "HTTP GET", attributes: { "http.status_code": 503 }, status: "error", ended: 1 },
      { name: "HTTP GET", attributes: { "http.status_code": 200 }, ended: 1 },
      { name: "HTTP GET", attributes: { "http.status_code": 200 }, ended: 1 },
    ]);
    expect(spans[0]?.attributes["http.url"]).toContain(`resource=${encodeURIComponent(storage)}`);
    expect(spans[2]?.attributes["http.url"]).toContain(`resource=${encodeURIComponent(vault)}`);
  });

  it("finds the caller's span above it", async () => {
    const parent = emptyContext();
    await credentialFor(playEndpoint([token()])).getToken(storage, { tracingOptions: { tracingContext: parent } });
    expect(spans[0]?.parent).toBe(parent);
  });

  it("sees a failed connection", async () => {
    const endpoint = playEndpoint([Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })]);
    const options = { retryOptions: { maxRetries: 0 } };
    await failureOf(credentialFor(endpoint, options).getToken(storage));
    expect(spans).toMatchObject([{ status: "error", ended: 1 }]);
  });
});

interface SeenSpan {
  readonly name: string;
  readonly attributes: Record<string, unknown>;
  readonly parent: unknown;
  status?: string;
  ended: number;
}

/** Writes down what a tracer would be told. */
function recorder(spans: SeenSpan[]): Instrumenter {
  return {
    createRequestHeaders: () => ({}),
    parseTraceparentHeader: () => undefined,
    startSpan: (name, { spanAttributes = {}, tracingContext }) => {
      const seen: SeenSpan = { name, attributes: { ...spanAttributes }, parent: tracingContext, ended: 0 };
      spans.push(seen);
      const span: TracingSpan = {
        end: () => {
          seen.ended += 1;
        },
        isRecording: () => true,
        recordException: () => {},
        setAttribute: (key, value) => {
          seen.attributes[key] = value;
        },
        setStatus: ({ status }) => Object.assign(seen, { status }),
        addEvent: () => {},
      };
      return { span, tracingContext: tracingContext ?? emptyContext() };
    },
    withContext: (_context, callback, ...args) => callback(...args),
  };
}

function emptyContext(): TracingContext {
  const values = new Map<symbol, unknown>();
  const made: TracingContext = {
    getValue: (key) => values.get(key),
    setValue: (key, value) => {
      values.set(key, value);
      return made;
    },
    deleteValue: (key) => {
      values.delete(key);
      return made;
    },
  };
  return made;
}
