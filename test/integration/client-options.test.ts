import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import {
  createHttpHeaders,
  type HttpClient,
  type PipelinePolicy,
  type PipelineRequest,
  RestError,
} from "@azure/core-rest-pipeline";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const storage = "https://storage.azure.com/.default";
const vault = "https://vault.azure.net/.default";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

/** A policy that counts how often a request passes it. */
function countingPolicy(name: string): PipelinePolicy & { readonly passed: PipelineRequest[] } {
  const passed: PipelineRequest[] = [];
  return {
    name,
    passed,
    sendRequest: (request, next) => {
      passed.push(request);
      return next(request);
    },
  };
}

describe("additionalPolicies", () => {
  it("are passed once for each request for a token, or once for each try", async () => {
    const [perCall, perRetry] = [countingPolicy("once"), countingPolicy("each")];
    const credential = new AppServiceMsiCredential({
      env: emulator.env,
      retryOptions: { retryDelayInMs: 1 },
      additionalPolicies: [
        { policy: perCall, position: "perCall" },
        { policy: perRetry, position: "perRetry" },
      ],
    });
    emulator.faults.arm("status-503", { times: 2 });
    await credential.getToken(storage);
    expect([perCall.passed.length, perRetry.passed.length]).toEqual([1, 3]);
    await credential.getToken(storage);
    await credential.getToken(vault);
    expect([perCall.passed.length, perRetry.passed.length]).toEqual([2, 4]);
  });

  it("see the request as it is sent, and may add to it", async () => {
    const seen = countingPolicy("see");
    const credential = new AppServiceMsiCredential({
      env: emulator.env,
      additionalPolicies: [
        { policy: addHeader("x-per-call"), position: "perCall" },
        { policy: addHeader("x-per-retry"), position: "perRetry" },
        { policy: seen, position: "perRetry" },
      ],
    });
    await credential.getToken(storage);
    const [request] = seen.passed;
    expect(request?.method).toBe("GET");
    expect(request?.url).toContain(`${emulator.env.IDENTITY_ENDPOINT}?api-version=2019-08-01`);
    expect(request?.headers.toJSON()).toMatchObject({
      "x-identity-header": emulator.env.IDENTITY_HEADER,
      "x-per-call": "yes",
      "x-per-retry": "yes",
    });
  });

  it.each(["perCall", "perRetry"] as const)("may answer in place of the endpoint: %s", async (position) => {
    const policy: PipelinePolicy = {
      name: "answer",
      sendRequest: (request) =>
        Promise.resolve({
          request,
          status: 200,
          headers: createHttpHeaders(),
          bodyAsText: JSON.stringify({ access_token: "of the policy", expires_in: 3600 }),
        }),
    };
    const additionalPolicies = [{ policy, position }];
    const credential = new AppServiceMsiCredential({ env: emulator.env, additionalPolicies });
    expect(await credential.getToken(storage)).toMatchObject({ token: "of the policy" });
    expect(emulator.journal.list()).toEqual([]);
  });

  it("that throw make an error of the credential, never an unhandled one", async () => {
    for (const position of ["perCall", "perRetry"] as const) {
      const policy: PipelinePolicy = { name: "throw", sendRequest: () => Promise.reject(new Error("No luck today.")) };
      const options = {
        env: emulator.env,
        additionalPolicies: [{ policy, position }],
        retryOptions: { maxRetries: 0 },
      };
      const got = new AppServiceMsiCredential(options).getToken(storage);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(got).rejects.toMatchObject({
        name: "AuthenticationError",
        message: expect.stringContaining("No luck today."),
      });
    }
  });
});

describe("a policy's error", () => {
  it.each(["perCall", "perRetry"] as const)(
    "is told without the request and the answer that it carries, and what it quotes of them: %s",
    async (position) => {
      const policy: PipelinePolicy = {
        name: "quote",
        sendRequest: async (request, next) => {
          const response = await next(request);
          const { access_token: token } = JSON.parse(response.bodyAsText ?? "") as { access_token: string };
          const quoted = `${request.headers.get("x-identity-header")} and ${token.slice(0, -1)}`;
          throw new RestError(`rejected ${quoted} ${token}`, { request, response });
        },
      };
      const additionalPolicies = [{ policy, position }];
      const options = { env: emulator.env, additionalPolicies, retryOptions: { maxRetries: 0 } };
      const error: unknown = await new AppServiceMsiCredential(options).getToken(storage).catch((reason) => reason);
      expect(error).toMatchObject({ code: "UNREACHABLE", message: expect.stringContaining("rejected") });
      const all = inspect(error, { depth: 9, showHidden: true });
      expect(all).not.toContain(emulator.env.IDENTITY_HEADER);
      expect(all).not.toContain("eyJ");
    },
  );

  it.each([["perCall"], ["perRetry"]] as const)("need be no Error at all: %s", async (position) => {
    for (const thrown of ["no luck", undefined, null, {}, 42]) {
      const policy: PipelinePolicy = { name: "throw", sendRequest: () => Promise.reject(thrown) };
      const options = {
        env: emulator.env,
        additionalPolicies: [{ policy, position }],
        retryOptions: { maxRetries: 0 },
      };
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(new AppServiceMsiCredential(options).getToken(storage)).rejects.toMatchObject({
        name: "AuthenticationError",
        message: expect.stringContaining(typeof thrown === "string" ? thrown : `no error but ${typeof thrown}`),
      });
    }
  });
});

describe("a policy that sees a call once", () => {
  it("sees the request as it will be sent, and what it changes is kept through all attempts", async () => {
    const policy: PipelinePolicy = {
      name: "add-to-query",
      sendRequest: (request, next) => {
        expect(request.url).toContain(`${emulator.env.IDENTITY_ENDPOINT}?api-version=2019-08-01`);
        request.url += "&trace=1";
        request.headers.set("metadata", "of the policy");
        return next(request);
      },
    };
    const seen = countingPolicy("see");
    emulator.faults.arm("status-503", { times: 1 });
    await new AppServiceMsiCredential({
      env: emulator.env,
      retryOptions: { retryDelayInMs: 1 },
      additionalPolicies: [
        { policy, position: "perCall" },
        { policy: seen, position: "perRetry" },
      ],
    }).getToken(storage);
    expect(seen.passed).toHaveLength(2);
    for (const request of seen.passed) {
      expect(request.url).toMatch(/&trace=1$/);
      expect(request.headers.get("metadata")).toBe("of the policy");
      expect(request.headers.get("x-identity-header")).toBe(emulator.env.IDENTITY_HEADER);
    }
  });

  it.each(["perCall", "perRetry"] as const)("may send the request to another host: %s", async (position) => {
    await using other = await startEmulator({ secret: emulator.env.IDENTITY_HEADER as string });
    const policy: PipelinePolicy = {
      name: "redirect",
      sendRequest: (request, next) => {
        request.url = request.url.replace(
          new URL(request.url).host,
          new URL(other.url).host.replace("127.0.0.1", "localhost"),
        );
        return next(request);
      },
    };
    const additionalPolicies = [{ policy, position }];
    await new AppServiceMsiCredential({ env: emulator.env, additionalPolicies }).getToken(storage);
    expect(other.journal.list()).toHaveLength(1);
    expect(emulator.journal.list()).toEqual([]);
  });
});

function addHeader(header: string): PipelinePolicy {
  return {
    name: header,
    sendRequest: (request, next) => {
      request.headers.set(header, "yes");
      return next(request);
    },
  };
}

describe("httpClient", () => {
  it("is used in place of Node's, with the request as it would have been", async () => {
    const requests: PipelineRequest[] = [];
    const httpClient: HttpClient = {
      sendRequest: (request) => {
        requests.push(request);
        const body = { access_token: "of the client", expires_on: Date.now() / 1000 + 3600 };
        return Promise.resolve({
          request,
          status: 200,
          headers: createHttpHeaders(),
          bodyAsText: JSON.stringify(body),
        });
      },
    };
    const credential = new AppServiceMsiCredential({ env: emulator.env, httpClient });
    expect(await credential.getToken(storage)).toMatchObject({ token: "of the client" });
    expect(emulator.journal.list()).toEqual([]);
    expect(requests).toMatchObject([{ method: "GET", timeout: 10_000, allowInsecureConnection: true }]);
    expect(requests[0]?.headers.get("x-identity-header")).toBe(emulator.env.IDENTITY_HEADER);
    expect(requests[0]?.proxySettings).toBeUndefined();
  });

  it("is asked again when it throws, and its error is the cause", async () => {
    let calls = 0;
    const httpClient: HttpClient = {
      sendRequest: () => {
        calls += 1;
        return Promise.reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
      },
    };
    const options = { env: emulator.env, httpClient, retryOptions: { maxRetries: 2, retryDelayInMs: 1 } };
    const got = new AppServiceMsiCredential(options).getToken(storage);
    await expect(got).rejects.toMatchObject({ code: "UNREACHABLE", cause: { code: "ECONNRESET" } });
    expect(calls).toBe(3);
  });

  it("is bound by the limit on the size of a body", async () => {
    const httpClient: HttpClient = {
      sendRequest: (request) =>
        Promise.resolve({
          request,
          status: 200,
          headers: createHttpHeaders(),
          bodyAsText: " ".repeat(1024 * 1024 + 1),
        }),
    };
    const got = new AppServiceMsiCredential({ env: emulator.env, httpClient }).getToken(storage);
    await expect(got).rejects.toMatchObject({ code: "INVALID_RESPONSE" });
  });

  it("is told when nobody waits any more", async () => {
    const told = Promise.withResolvers<void>();
    const httpClient: HttpClient = {
      sendRequest: ({ abortSignal }) =>
        new Promise((_resolve, reject) => {
          abortSignal?.addEventListener("abort", () => {
            told.resolve();
            reject(Object.assign(new Error("aborted"), { name: "AbortError" }));
          });
        }),
    };
    const controller = new AbortController();
    const got = new AppServiceMsiCredential({ env: emulator.env, httpClient }).getToken(storage, {
      abortSignal: controller.signal,
    });
    setTimeout(() => controller.abort(), 20);
    await expect(got).rejects.toMatchObject({ name: "AbortError" });
    await told.promise;
  });
});

it("a call made while an abandoned request is being cancelled gets a request of its own", async () => {
  let again: Promise<unknown> | undefined;
  const httpClient: HttpClient = {
    sendRequest: ({ abortSignal }) =>
      new Promise((_resolve, reject) => {
        abortSignal?.addEventListener("abort", () => {
          again ??= credential.getToken(storage, { abortSignal: second.signal });
          reject(new Error("cancelled"));
        });
      }),
  };
  const credential = new AppServiceMsiCredential({ env: emulator.env, httpClient, retryOptions: { maxRetries: 0 } });
  const [first, second] = [new AbortController(), new AbortController()];
  const got = credential.getToken(storage, { abortSignal: first.signal });
  setTimeout(() => first.abort(), 20);
  await expect(got).rejects.toMatchObject({ name: "AbortError" });
  setTimeout(() => second.abort(), 20);
  await expect(again).rejects.toMatchObject({ name: "AbortError" });
});

describe("userAgentOptions", () => {
  it("put a prefix before the user agent", async () => {
    const options = { env: emulator.env, userAgentOptions: { userAgentPrefix: "my-app/1.2" } };
    await new AppServiceMsiCredential(options).getToken(storage);
    expect(emulator.journal.list()[0]?.userAgent).toMatch(/^my-app\/1\.2 /);
  });

  it("are not needed", async () => {
    await new AppServiceMsiCredential({ env: emulator.env }).getToken(storage);
    expect(emulator.journal.list()[0]?.userAgent).toMatch(/core-rest-pipeline\/\d+/);
  });
});
