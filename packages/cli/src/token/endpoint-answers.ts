import type { AdditionalPolicyConfig } from "@appservice-msi/credential";

/** An answer of the identity endpoint as it came, token included. */
export interface EndpointAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the request to the end of the body. */
  readonly durationInMs: number;
  /** When it had come, in milliseconds since 1970. */
  readonly at: number;
}

/** Keeps every answer of the endpoint, one for each attempt, the last one last: `policy` is for the credential. */
export class EndpointAnswers {
  readonly all: EndpointAnswer[] = [];
  readonly policy: AdditionalPolicyConfig;

  constructor(now: () => number) {
    const sendRequest: AdditionalPolicyConfig["policy"]["sendRequest"] = async (request, next) => {
      const start = performance.now();
      const response = await next(request);
      this.all.push({
        status: response.status,
        headers: response.headers.toJSON(),
        body: response.bodyAsText ?? "",
        durationInMs: performance.now() - start,
        at: now(),
      });
      return response;
    };
    this.policy = { position: "perRetry", policy: { name: "endpointAnswers", sendRequest } };
  }

  get last(): EndpointAnswer | undefined {
    return this.all.at(-1);
  }
}
