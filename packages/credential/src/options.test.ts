import { describe, expect, it } from "vitest";
import { type AppServiceMsiCredentialOptions, toSettings } from "./options.ts";

const longest = 2 ** 31 - 1;

describe("the options", () => {
  it("have these defaults", () => {
    expect(toSettings({})).toMatchObject({
      apiVersion: "auto",
      timeoutInMs: 30_000,
      attemptTimeoutInMs: 10_000,
      retryOptions: { maxRetries: 5, retryDelayInMs: 200, maxRetryDelayInMs: 5000 },
    });
  });

  it.each<[what: string, options: AppServiceMsiCredentialOptions, settings: object]>([
    [
      "undefined",
      { timeoutInMs: undefined, retryOptions: undefined, apiVersion: undefined },
      { timeoutInMs: 30_000, apiVersion: "auto" },
    ],
    [
      "undefined within retryOptions",
      { retryOptions: { maxRetries: 1 } },
      { retryOptions: { maxRetries: 1, retryDelayInMs: 200, maxRetryDelayInMs: 5000 } },
    ],
    [
      "null, as JavaScript may pass it",
      { timeoutInMs: null } as unknown as AppServiceMsiCredentialOptions,
      { timeoutInMs: 30_000 },
    ],
  ])("have their defaults where they are %s", (_what, options, settings) => {
    expect(toSettings(options)).toMatchObject(settings);
  });

  it.each<[what: string, options: AppServiceMsiCredentialOptions, settings: object]>([
    ["the shortest times", { timeoutInMs: 1, attemptTimeoutInMs: 1 }, { timeoutInMs: 1, attemptTimeoutInMs: 1 }],
    [
      "the longest times",
      { timeoutInMs: longest, attemptTimeoutInMs: longest },
      { timeoutInMs: longest, attemptTimeoutInMs: longest },
    ],
    [
      "no retries and no pauses",
      { retryOptions: { maxRetries: 0, retryDelayInMs: 0, maxRetryDelayInMs: 0 } },
      { retryOptions: { maxRetries: 0, retryDelayInMs: 0, maxRetryDelayInMs: 0 } },
    ],
    ["2019-08-01 only", { apiVersion: "2019-08-01" }, { apiVersion: "2019-08-01" }],
    ["2017-09-01 only", { apiVersion: "2017-09-01" }, { apiVersion: "2017-09-01" }],
  ])("may be %s", (_what, options, settings) => {
    expect(toSettings(options)).toMatchObject(settings);
  });

  it("hand on what concerns the pipeline as it is", () => {
    const options = {
      httpClient: { sendRequest: () => Promise.reject(new Error("no network")) },
      additionalPolicies: [],
      loggingOptions: {},
      userAgentOptions: {},
    };
    const settings = toSettings(options);
    expect(settings.httpClient).toBe(options.httpClient);
    expect(settings.additionalPolicies).toBe(options.additionalPolicies);
    expect(settings.loggingOptions).toBe(options.loggingOptions);
    expect(settings.userAgentOptions).toBe(options.userAgentOptions);
  });

  it("trap: are not changed", () => {
    const options = Object.freeze({ retryOptions: Object.freeze({}) });
    toSettings(options);
    expect(options).toEqual({ retryOptions: {} });
  });

  it("name where the variables are: the given object as it is now, or the process's own", () => {
    const env: Record<string, string> = {};
    const settings = toSettings({ env });
    env["LATER"] = "1";
    expect(settings.env()).toBe(env);
    expect(toSettings({}).env()).toBe(process.env);
  });
});

it.each(["apiVersion", "timeoutInMs", "retryOptions", "loggingOptions", "httpClient", "additionalPolicies", "env"])(
  "%s is as good as absent where it is null",
  (name) => {
    const { env, ...settings } = toSettings({ [name]: null });
    const { env: envByDefault, ...defaults } = toSettings({});
    expect(settings).toEqual(defaults);
    expect(env()).toBe(envByDefault());
  },
);

describe("an option that makes no sense is refused by name", () => {
  it.each<[name: string, options: object, error: typeof TypeError | typeof RangeError]>([
    ["timeoutInMs must be between 1 and 2147483647", { timeoutInMs: 0 }, RangeError],
    ["timeoutInMs must be between", { timeoutInMs: -1 }, RangeError],
    ["timeoutInMs must be between", { timeoutInMs: Number.NaN }, RangeError],
    ["timeoutInMs must be between", { timeoutInMs: Number.POSITIVE_INFINITY }, RangeError],
    ["timeoutInMs must be between", { timeoutInMs: longest + 1 }, RangeError],
    ["timeoutInMs must be a number", { timeoutInMs: "30000" }, TypeError],
    ["attemptTimeoutInMs must be between 1", { attemptTimeoutInMs: 0 }, RangeError],
    ["retryOptions.maxRetries must be between 0", { retryOptions: { maxRetries: -1 } }, RangeError],
    ["retryOptions.retryDelayInMs must be between 0", { retryOptions: { retryDelayInMs: -1 } }, RangeError],
    [
      "retryOptions.maxRetryDelayInMs must be between 0",
      { retryOptions: { maxRetryDelayInMs: longest + 1 } },
      RangeError,
    ],
    ['apiVersion must be one of "auto", "2019-08-01", "2017-09-01"', { apiVersion: "2018-02-01" }, TypeError],
    ["apiVersion must be one of", { apiVersion: "" }, TypeError],
    ["apiVersion must be one of", { apiVersion: "constructor" }, TypeError],
    ["apiVersion must be one of", { apiVersion: 2019 }, TypeError],
    ["apiVersion must be one of", { apiVersion: Object.create(null) }, TypeError],
    ["env must be an object", { env: "IDENTITY_HEADER=1" }, TypeError],
    ["retryOptions must be an object", { retryOptions: 3 }, TypeError],
    ["loggingOptions must be an object", { loggingOptions: true }, TypeError],
    ["userAgentOptions must be an object", { userAgentOptions: "app" }, TypeError],
    ["httpClient must be an object with a function sendRequest", { httpClient: {} }, TypeError],
    ["httpClient must be an object with a function sendRequest", { httpClient: () => {} }, TypeError],
    ["additionalPolicies must be a list of { policy }", { additionalPolicies: {} }, TypeError],
    ["additionalPolicies must be a list of { policy }", { additionalPolicies: [null] }, TypeError],
    ["additionalPolicies must be a list of { policy }", { additionalPolicies: [{ name: "mine" }] }, TypeError],
  ])("%s: %j", (message, options, error) => {
    const make = (): unknown => toSettings(options);
    expect(make).toThrow(error);
    expect(make).toThrow(message);
  });
});

it.each([42, "client-id", true])("options that are no object are refused: %j", (options) => {
  expect(() => toSettings(options as never)).toThrow("The options must be an object");
});
