import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";
import { createHttpHeaders, RestError } from "@azure/core-rest-pipeline";
import type { Fault, FaultKind, Scenario } from "./scenario.ts";
import { trueTime, type VirtualTime } from "./virtual-time.ts";

/** What the platform tells whoever watches it. */
export interface PlatformObserver {
  requestBegins(credential: number, resource: string, host: string): void;
  requestEnds(credential: number, resource: string): void;
  /** A token that is good by the app's clock has been handed out. */
  issues(credential: number, resource: string, expiresOn: number): void;
  /** The app's variables have new values. */
  publishes(): void;
  /** An answer with Retry-After has been delivered. */
  asksToWait(credential: number, host: string, forInMs: number): void;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  /** The end of the token in it that can be used. */
  readonly expiresOn?: number | undefined;
  readonly headers?: Record<string, string>;
}

interface IssuedToken {
  readonly token: string;
  readonly expiresOn: number;
}

/** App Service with its identity endpoint, for all credentials of a run. Nothing here knows the credential's sources. */
export class Platform {
  readonly #scenario: Scenario;
  readonly #time: VirtualTime;
  readonly #observer: PlatformObserver;
  readonly #tokens = new Map<string, IssuedToken>();
  #secret = "secret-0";
  #place = 0;
  #awayUntil: number;
  #serial = 0;
  /** The app's variables. */
  readonly env: Record<string, string> = {};

  constructor(scenario: Scenario, time: VirtualTime, observer: PlatformObserver) {
    this.#scenario = scenario;
    this.#time = time;
    this.#observer = observer;
    this.#awayUntil = scenario.lateStartInS * 1000;
    this.publish();
  }

  /** Sets the variables to what is true now. */
  publish(): void {
    this.env["IDENTITY_ENDPOINT"] = `http://host-${this.#place}.test:8081/msi/token`;
    this.env["IDENTITY_HEADER"] = this.#secret;
    this.#observer.publishes();
  }

  rotateSecret(): void {
    this.#secret = `secret-${++this.#serial}`;
  }

  restart(forInMs: number): void {
    this.#place += 1;
    this.rotateSecret();
    this.#awayUntil = this.#time.now() + forInMs;
    this.publish();
  }

  /** The network as the credential with the given number sees it. */
  httpClient(credential: number): HttpClient {
    return { sendRequest: (request) => this.#send(credential, request) };
  }

  async #send(credential: number, request: PipelineRequest): Promise<PipelineResponse> {
    const url = new URL(request.url);
    const resource = url.searchParams.get("resource") ?? "";
    this.#observer.requestBegins(credential, resource, url.hostname);
    try {
      const latency = 5 + Math.random() * 45;
      const kind = this.#fault()?.kind;
      await this.#pass(kind === "slow" ? latency + 2_000 : kind === "hang" ? undefined : latency, request);
      const answer = this.#answer(url, request, kind);
      if (answer.expiresOn !== undefined && answer.expiresOn > Date.now()) {
        this.#observer.issues(credential, resource, answer.expiresOn);
      }
      const retryAfter = Number(answer.headers?.["retry-after"] ?? Number.NaN);
      if (!Number.isNaN(retryAfter)) {
        this.#observer.asksToWait(credential, url.hostname, Math.min(retryAfter, 60) * 1000);
      }
      return { request, status: answer.status, headers: createHttpHeaders(answer.headers), bodyAsText: answer.body };
    } finally {
      this.#observer.requestEnds(credential, resource);
    }
  }

  /** Lets time pass, within the request's own limit and until it is cancelled; for ever if no time is given. */
  #pass(inMs: number | undefined, request: PipelineRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (act: () => void) => (): void => {
        clearTimeout(timer);
        clearTimeout(limit);
        request.abortSignal?.removeEventListener("abort", aborted);
        act();
      };
      const abortError = Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
      const aborted = end(() => reject(abortError));
      const limit = setTimeout(aborted, request.timeout);
      const timer = inMs === undefined ? undefined : setTimeout(end(resolve), inMs);
      request.abortSignal?.addEventListener("abort", aborted);
      if (request.abortSignal?.aborted) {
        aborted();
      }
    });
  }

  #fault(): Fault | undefined {
    const now = this.#time.now() / 1000;
    return this.#scenario.faults.findLast(({ at, forSeconds }) => at <= now && now < at + forSeconds);
  }

  #answer(url: URL, request: PipelineRequest, kind: FaultKind | undefined): Answer {
    if (this.#time.now() < this.#awayUntil || kind === "refused" || url.hostname !== `host-${this.#place}.test`) {
      throw new RestError("connect ECONNREFUSED", { code: "ECONNREFUSED" });
    }
    if (kind === "reset") {
      throw new RestError("socket hang up", { code: "ECONNRESET" });
    }
    if (kind === "truncated") {
      throw new RestError("Error reading response as text: aborted", { code: "PARSE_ERROR" });
    }
    if (kind === "flaky" && Math.random() < 0.5) {
      return plainFaults["status 500"] as Answer;
    }
    return plainFaults[kind ?? ""] ?? this.#refusal(url, request, kind) ?? this.#token(url, kind);
  }

  #refusal(url: URL, request: PipelineRequest, kind: FaultKind | undefined): Answer | undefined {
    const version = url.searchParams.get("api-version") ?? "";
    const spoken = kind === "other API version only" ? otherVersion[this.#scenario.speaks] : this.#scenario.speaks;
    if (spoken !== "both" && spoken !== version) {
      return json(400, { error: { code: "UnsupportedApiVersion", message: `no ${version} here`, innerError: null } });
    }
    const header = version === "2019-08-01" ? "x-identity-header" : "secret";
    return request.headers.get(header) === this.#secret ? undefined : json(403, { statusCode: 403, message: "no" });
  }

  #token(url: URL, kind: FaultKind | undefined): Answer {
    const now = trueTime(this.#time);
    const lifetime = kind === "short token" ? 12_000 : this.#scenario.tokenLifetimeInS * 1000;
    const clientId = clientIdOf(url);
    const key = `${clientId} ${url.searchParams.get("object_id")} ${url.searchParams.get("resource")}`;
    let issued = this.#tokens.get(key);
    if (!issued || !this.#scenario.platformCache || kind === "short token" || issued.expiresOn - now < lifetime * 0.1) {
      issued = { token: `token-${++this.#serial}`, expiresOn: now + lifetime };
      this.#tokens.set(key, issued);
    }
    const { expiresOn, usable } = this.#flaw(kind, issued.expiresOn, url);
    const answer = json(200, {
      access_token: issued.token,
      ...(kind !== "no expiry" && { expires_on: String(expiresOn) }),
      resource: url.searchParams.get("resource"),
      token_type: "Bearer",
      ...(clientId && { client_id: kind === "wrong identity" ? "c9999999-9999-4999-8999-999999999999" : clientId }),
    });
    return { ...answer, ...(usable && { expiresOn: expiresOn * 1000 }) };
  }

  /** When the token in the answer ends, in seconds since 1970, and whether it is of use. */
  #flaw(kind: FaultKind | undefined, end: number, url: URL): { expiresOn: number; usable: boolean } {
    const now = trueTime(this.#time);
    const ends = { "expired token": now - 60_000, "older token": now + (end - now) / 2 } as Record<string, number>;
    const usable = kind !== "no expiry" && kind !== "expired token" && (kind !== "wrong identity" || !clientIdOf(url));
    return { expiresOn: Math.floor((ends[kind ?? ""] ?? end) / 1000), usable };
  }
}

const otherVersion = { both: "2017-09-01", "2019-08-01": "2017-09-01", "2017-09-01": "2019-08-01" } as const;

/** Faults that do not depend on the request. */
const plainFaults: Readonly<Record<string, Answer>> = {
  "status 302": { status: 302, body: "", headers: { location: "http://elsewhere.test/" } },
  "status 400": json(400, { statusCode: 400, message: "No User Assigned or Delegated Managed Identity found." }),
  "status 401": json(401, {}),
  "status 404": json(404, { message: "not yet" }),
  "status 408": json(408, {}),
  "status 429": json(429, {}),
  "status 500": json(500, { statusCode: 500, message: "An unexpected error occured while fetching the AAD Token." }),
  "status 501": json(501, {}),
  "status 503": { status: 503, body: "" },
  "status 504": { status: 504, body: "<html></html>" },
  throttled: { status: 429, body: "", headers: { "retry-after": "7" } },
  "unavailable for long": { status: 503, body: "", headers: { "retry-after": "3600" } },
  "cut off": { status: 200, body: '{"access_token":"eyJ' },
  html: { status: 200, body: "<html>sign in</html>", headers: { "content-type": "text/html" } },
  empty: { status: 200, body: "" },
  null: { status: 200, body: "null" },
};

function clientIdOf(url: URL): string | null {
  return url.searchParams.get("client_id") ?? url.searchParams.get("clientid");
}

function json(status: number, body: object): Answer {
  return { status, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}
