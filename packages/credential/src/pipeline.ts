import http from "node:http";
import https from "node:https";
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  logPolicy,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  type RestError,
  retryPolicy,
  type RetryStrategy,
  tracingPolicy,
  userAgentPolicy,
} from "@azure/core-rest-pipeline";
import { delay } from "@azure/core-util";
import { type AzureLogger, createClientLogger } from "@azure/logger";
import type { Answer, Failure, IssuedToken } from "./answer.ts";
import { readConnectionError } from "./connection.ts";
import type { Endpoint } from "./endpoint.ts";
import { AppServiceMsiError } from "./errors.ts";
import type { PipelineOptions } from "./options.ts";
import { protocols } from "./protocol.ts";
import type { WireRequest } from "./request.ts";
import { mayRetry, pauseInMs } from "./retry.ts";
import { sendSafely, toRestError } from "./sending.ts";
import type { Throttle } from "./throttle.ts";

/** Parameters that are no secret, so that a log line or a span shows what was asked. */
const loggedParameters = ["resource", ...Object.values(protocols).flatMap((p) => Object.values(p.identityParameters))];

/** One for the process: `@azure/logger` never forgets a logger that it has made. */
const logger = createClientLogger("appservice-msi");

/** One question to the endpoint, with all its attempts. */
export interface Exchange {
  readonly signal: AbortSignal;
  readonly tracingOptions: PipelineRequest["tracingOptions"];
  /** What must not be repeated: it grows as variables change. */
  readonly secrets: ReadonlySet<string>;
  /** Called before each attempt: the variables are read anew. What it throws ends the exchange. */
  prepare(): { endpoint: Endpoint; request: WireRequest };
  /** An attempt begins. */
  attempting(endpoint: Endpoint): void;
  /** What an answer of the endpoint means. */
  read(answer: Answer): IssuedToken | Failure;
  /** An attempt has failed. */
  failed(failure: Failure): void;
  /** Nothing will happen for a while, because of the failure. */
  pausing(forInMs: number, failure: Failure): void;
}

/** The way to the network: the Azure SDK's pipeline with what an identity endpoint needs, and without what would harm. */
export interface Transport {
  readonly logger: AzureLogger;
  /** Asks until there is a token, a failure that a retry cannot mend, or no retry left. */
  send(exchange: Exchange): Promise<IssuedToken | Failure>;
}

/** A transport with an agent of its own: Node's global agent obeys proxy variables, and a proxy would see the secret. */
export function createTransport(options: PipelineOptions, throttle: Throttle): Transport {
  const network = {
    options,
    throttle,
    httpClient: options.httpClient ?? createDefaultHttpClient(),
    // No keep-alive: hours pass between two requests, and an idle connection would only be found closed.
    agents: { "http:": unlogged(new http.Agent()), "https:": unlogged(new https.Agent()) },
  };
  return { logger, send: (exchange) => new Attempts(exchange, network).run() };
}

/** What all exchanges of a credential share. */
interface Network {
  readonly options: PipelineOptions;
  readonly throttle: Throttle;
  readonly httpClient: HttpClient;
  /** By scheme, as `URL` spells it. */
  readonly agents: Readonly<Record<string, http.Agent>>;
}

/** The log shows a request with all it holds, and an agent holds the other requests under way, secret included. */
function unlogged(agent: http.Agent): http.Agent {
  return Object.assign(agent, { toJSON: () => undefined });
}

/** The attempts of one exchange. The policies share its state, so a pipeline is put together for each exchange. */
class Attempts {
  readonly #exchange: Exchange;
  readonly #network: Network;
  #outcome: IssuedToken | Failure | undefined;
  #attemptError: RestError | undefined;
  #written: WireRequest | undefined;
  readonly #timesSeen = new Map<number | undefined, number>();

  constructor(exchange: Exchange, network: Network) {
    this.#exchange = exchange;
    this.#network = network;
  }

  async run(): Promise<IssuedToken | Failure> {
    const { signal, tracingOptions } = this.#exchange;
    this.#written = this.#exchange.prepare().request; // policies that see a call once see the whole of it
    const request = createPipelineRequest({
      url: this.#written.url,
      headers: createHttpHeaders(this.#written.headers),
      abortSignal: signal,
      timeout: this.#network.options.attemptTimeoutInMs,
      allowInsecureConnection: true, // plain HTTP is how the platform offers it
    });
    if (tracingOptions) {
      request.tracingOptions = tracingOptions; // createPipelineRequest loses it
    }
    try {
      const sendRequest = (sent: PipelineRequest): Promise<PipelineResponse> => {
        this.#connect(sent);
        return sendSafely(this.#network.httpClient, sent, this.#secrets());
      };
      const response = await this.#pipeline().sendRequest({ sendRequest }, request);
      // A policy of the user's may have answered before there was an attempt.
      this.#outcome ??= this.#exchange.read(toAnswer(response));
    } catch (error) {
      if (signal.aborted || error instanceof AppServiceMsiError) {
        throw error;
      }
      if (this.#attemptError === undefined || this.#attemptError !== error) {
        return readConnectionError(this.#safe(error)); // a policy of the user's threw
      }
    }
    return this.#outcome as IssuedToken | Failure;
  }

  #pipeline(): Pipeline {
    const { options } = this.#network;
    const { loggingOptions = {}, userAgentOptions = {}, additionalPolicies = [] } = options;
    const { maxRetries } = options.retryOptions;
    const parameters = [...loggedParameters, ...(loggingOptions.additionalAllowedQueryParameters ?? [])];
    const pipeline = createEmptyPipeline();
    const userAgentPrefix = `${userAgentOptions.userAgentPrefix ?? ""} appservice-msi`.trim();
    pipeline.addPolicy(userAgentPolicy({ userAgentPrefix }));
    pipeline.addPolicy(retryPolicy([this.#retryStrategy()], { maxRetries, logger }), { phase: "Retry" });
    pipeline.addPolicy(this.#attemptPolicy(), { afterPhase: "Retry" });
    pipeline.addPolicy(tracingPolicy({ additionalAllowedQueryParameters: parameters }), { afterPhase: "Retry" });
    pipeline.addPolicy(
      logPolicy({
        logger: logger.info,
        ...loggingOptions,
        additionalAllowedHeaderNames: [
          "x-correlation-id",
          ...(loggingOptions.additionalAllowedHeaderNames ?? []).filter(isNoSecretHeader),
        ],
        additionalAllowedQueryParameters: parameters,
      }),
      { afterPhase: "Sign" },
    );
    for (const { policy, position } of additionalPolicies) {
      pipeline.addPolicy(policy, position === "perRetry" ? { afterPhase: "Sign" } : {});
    }
    return pipeline;
  }

  /** Around each attempt: waits while the endpoint wants to be left alone, writes the request, and reads what came of it. */
  #attemptPolicy(): PipelinePolicy {
    return {
      name: "appServiceMsiAttemptPolicy",
      sendRequest: async (request, next) => {
        const { endpoint, request: wire } = await this.#whenAllowed();
        this.#write(wire, request);
        this.#exchange.attempting(endpoint);
        try {
          const response = await next(request);
          this.#concludes(this.#exchange.read(toAnswer(response)), endpoint);
          return response;
        } catch (error) {
          if (this.#exchange.signal.aborted) {
            throw error;
          }
          // The retry policy acts on no other errors than these.
          this.#attemptError = this.#safe(error);
          this.#concludes(readConnectionError(this.#attemptError), endpoint);
          throw this.#attemptError;
        }
      },
    };
  }

  /** Writes what has changed since the last time: the rest is as policies that see a call once have left it. */
  #write(wire: WireRequest, request: PipelineRequest): void {
    const written = this.#written;
    if (wire.url !== written?.url) {
      request.url = wire.url;
    }
    for (const [name, value] of Object.entries(wire.headers)) {
      if (value !== written?.headers[name]) {
        request.headers.set(name, value);
      }
    }
    this.#written = wire;
  }

  /** How the connection is made, for the URL that policies have left. */
  #connect(request: PipelineRequest): void {
    const { protocol, hostname } = new URL(request.url);
    request.agent = this.#network.agents[protocol] as http.Agent;
    if (hostname.startsWith("[")) {
      // core-rest-pipeline hands an IPv6 address to Node in its brackets, and Node then looks for a host of that name.
      request.requestOverrides = { hostname: hostname.slice(1, -1) };
    }
  }

  async #whenAllowed(): Promise<{ endpoint: Endpoint; request: WireRequest }> {
    for (;;) {
      const prepared = this.#exchange.prepare();
      const hold = this.#network.throttle.remaining(prepared.endpoint.url);
      if (hold === undefined) {
        return prepared;
      }
      this.#exchange.pausing(hold.forInMs, {
        kind: "failure",
        code: "THROTTLED",
        what: `answered ${hold.statusCode} before and asked to be left alone for another ${hold.forInMs} ms`,
        retriable: true,
        statusCode: hold.statusCode,
        retryAfterInMs: hold.forInMs,
      });
      await delay(hold.forInMs, { abortSignal: this.#exchange.signal });
    }
  }

  #concludes(outcome: IssuedToken | Failure, endpoint: Endpoint): void {
    this.#outcome = outcome;
    if (outcome.kind === "failure") {
      this.#exchange.failed(outcome);
      const { statusCode, retriable, retryAfterInMs } = outcome;
      this.#timesSeen.set(statusCode, (this.#timesSeen.get(statusCode) ?? 0) + 1);
      if (retriable && statusCode !== undefined && retryAfterInMs !== undefined) {
        this.#network.throttle.hold(endpoint.url, retryAfterInMs, statusCode);
      }
    }
  }

  #retryStrategy(): RetryStrategy {
    return {
      name: "appServiceMsiRetryStrategy",
      logger,
      retry: ({ retryCount }) => {
        const outcome = this.#outcome;
        if (outcome?.kind !== "failure" || !outcome.retriable) {
          return { skipStrategy: true };
        }
        if (!mayRetry(outcome.statusCode, this.#timesSeen.get(outcome.statusCode) ?? 0)) {
          return { skipStrategy: true };
        }
        const pause =
          outcome.retryAfterInMs ?? pauseInMs(retryCount, this.#network.options.retryOptions, Math.random());
        this.#exchange.pausing(pause, outcome.retryAfterInMs === undefined ? outcome : throttled(outcome, pause));
        return { retryAfterInMs: pause };
      },
    };
  }

  /** An error of a policy, or of the way to the network, without what it carries along. */
  #safe(error: unknown): RestError {
    return toRestError(error, this.#network.options.attemptTimeoutInMs, this.#secrets());
  }

  #secrets(): string[] {
    const { secrets } = this.#exchange;
    return this.#outcome?.kind === "token" ? [...secrets, this.#outcome.token] : [...secrets];
  }
}

function toAnswer({ status, headers, bodyAsText }: PipelineResponse): Answer {
  return { status, header: (name) => headers.get(name), body: bodyAsText ?? "" };
}

/** What the failure is to a caller who cannot wait for as long as the endpoint asks. */
function throttled(failure: Failure, forInMs: number): Failure {
  return { ...failure, code: "THROTTLED", what: `${failure.what} and asked to be left alone for ${forInMs} ms` };
}

function isNoSecretHeader(name: string): boolean {
  return !Object.values(protocols).some((protocol) => protocol.secretHeader === name.toLowerCase());
}
