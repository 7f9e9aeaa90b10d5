import { describe, expect, it } from "vitest";
import {
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
  unsupportedApiVersion,
  useNock,
  vault,
} from "../play-endpoint.ts";

useNock();

describe.each([401, 403])("after %i the variables are read again", (status) => {
  it("and the request is repeated once with a new header", async () => {
    const endpoint = playEndpoint([
      () => {
        endpoint.env["IDENTITY_HEADER"] = "rotated";
        return refusal(status);
      },
      token(),
    ]);
    await credentialFor(endpoint).getToken(storage);
    expect(endpoint.requests[1]).toMatchObject({
      url: endpoint.requests[0]?.url,
      headers: { "x-identity-header": "rotated" },
    });
  });

  it("and the request is repeated once at a new endpoint", async () => {
    const moved = playEndpoint([token()], "http://127.0.0.1:5555/msi/token");
    const endpoint = playEndpoint([
      () => {
        endpoint.env["IDENTITY_ENDPOINT"] = moved.env["IDENTITY_ENDPOINT"];
        return { status };
      },
    ]);
    await credentialFor(endpoint).getToken(storage);
    expect(moved.requests).toHaveLength(1);
  });

  it("and the request is repeated in the other pair of variables if that is what is left", async () => {
    const endpoint = playEndpoint([
      () => {
        const { IDENTITY_ENDPOINT } = endpoint.env;
        Object.assign(endpoint.env, { IDENTITY_HEADER: "", MSI_ENDPOINT: IDENTITY_ENDPOINT, MSI_SECRET: "msi-secret" });
        return { status };
      },
      token(),
    ]);
    await credentialFor(endpoint).getToken(storage);
    expect(endpoint.requests[1]?.url).toContain("api-version=2017-09-01");
    expect(endpoint.requests[1]?.headers).toMatchObject({ secret: "msi-secret" });
  });

  it("and the request is not repeated when they are the same", async () => {
    const endpoint = playEndpoint([refusal(status)]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error).toMatchObject({ code: "UNAUTHORIZED", statusCode: status });
    expect(error.message).toContain("tried once");
  });

  it("and the request is not repeated when only white space has changed", async () => {
    const endpoint = playEndpoint([
      () => {
        endpoint.env["IDENTITY_HEADER"] = ` ${endpoint.env["IDENTITY_HEADER"]} `;
        return refusal(status);
      },
    ]);
    expect(await failureOf(credentialFor(endpoint).getToken(storage))).toMatchObject({ code: "UNAUTHORIZED" });
  });

  it("and the refusal is told when they have gone", async () => {
    const endpoint = playEndpoint([
      () => {
        delete endpoint.env["IDENTITY_HEADER"];
        return refusal(status, "Go away.");
      },
    ]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error.code).toBe("UNAUTHORIZED");
    expect(error.message).toContain("Go away.");
  });

  it("and the request is repeated no second time, however often they change", async () => {
    let rotations = 0;
    const rotate = (): ReturnType<typeof refusal> => {
      endpoint.env["IDENTITY_HEADER"] = `rotated-${(rotations += 1)}`;
      return refusal(status);
    };
    const endpoint = playEndpoint([rotate, rotate]);
    const error = await failureOf(credentialFor(endpoint).getToken(storage));
    expect(error).toMatchObject({ code: "UNAUTHORIZED", statusCode: status });
    expect(error.message).toContain("tried 2 times");
  });

  it("by the next call too, which is not bound to what the last one met", async () => {
    const endpoint = playEndpoint([refusal(status), token()]);
    const credential = credentialFor(endpoint);
    await failureOf(credential.getToken(storage));
    endpoint.env["IDENTITY_HEADER"] = "rotated";
    await credential.getToken(storage);
    expect(endpoint.requests[1]?.headers).toMatchObject({ "x-identity-header": "rotated" });
  });
});

it("an old secret is quoted as little as the current one, and as that of the other pair", async () => {
  const endpoint = playEndpoint([
    () => {
      endpoint.env["IDENTITY_HEADER"] = "rotated-header";
      return refusal(401, `Not ${secret}.`);
    },
    refusal(401, `Not rotated-header, not ${secret} as before, not the-other-secret.`),
  ]);
  endpoint.env["MSI_SECRET"] = "the-other-secret";
  const { message } = await failureOf(credentialFor(endpoint).getToken(storage));
  expect(message).toContain('"Not [redacted], not [redacted] as before, not [redacted]."');
});

describe("a rotated header", () => {
  it("is sent with the next retry after a passing fault", async () => {
    stopClocks();
    const endpoint = playEndpoint([
      () => {
        endpoint.env["IDENTITY_HEADER"] = "rotated";
        return connectionError("ECONNRESET");
      },
      token(),
    ]);
    await inVirtualTime(credentialFor(endpoint).getToken(storage));
    expect(endpoint.requests[1]?.headers).toMatchObject({ "x-identity-header": "rotated" });
  });

  it("is sent in the API version that was found before", async () => {
    const endpoint = playEndpoint([
      unsupportedApiVersion(),
      () => {
        endpoint.env["IDENTITY_HEADER"] = "rotated";
        return refusal(401);
      },
      token(),
    ]);
    await credentialFor(endpoint).getToken(storage);
    expect(endpoint.requests[2]?.url).toContain("api-version=2017-09-01");
    expect(endpoint.requests[2]?.headers).toMatchObject({ secret: "rotated" });
  });

  it.each([400, 404, 405, 409, 500])("does not make a request be repeated after %i", async (status) => {
    const endpoint = playEndpoint([
      () => {
        endpoint.env["IDENTITY_HEADER"] = "rotated";
        return refusal(status);
      },
    ]);
    await failureOf(credentialFor(endpoint, { retryOptions: { maxRetries: 0 } }).getToken(storage));
    expect(endpoint.requests).toHaveLength(1);
  });

  it("leaves the tokens at hand in use", async () => {
    const endpoint = playEndpoint([token(), token()]);
    const credential = credentialFor(endpoint);
    await credential.getToken(storage);
    endpoint.env["IDENTITY_HEADER"] = "rotated";
    await credential.getToken(storage);
    await credential.getToken(vault);
    expect(endpoint.requests.map(({ headers }) => headers["x-identity-header"])).toEqual([
      expect.not.stringMatching("rotated"),
      "rotated",
    ]);
  });
});
