import { describe, expect, it } from "vitest";
import { type Environment, findEndpoint, isSameEndpoint } from "./endpoint.ts";
import { AppServiceMsiError } from "./errors.ts";

const url = "http://127.0.0.1:41601/msi/token";
const secret = "853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a";
const identityPair = { IDENTITY_ENDPOINT: url, IDENTITY_HEADER: secret };
const msiPair = { MSI_ENDPOINT: "http://127.0.0.1:41601/MSI/token/", MSI_SECRET: "msi-secret" };

function refusalOf(env: Environment): AppServiceMsiError {
  try {
    findEndpoint(env);
  } catch (error) {
    if (error instanceof AppServiceMsiError) {
      return error;
    }
    throw error;
  }
  throw new Error("There was an endpoint.");
}

describe("the endpoint", () => {
  it("is the IDENTITY pair, asked in 2019-08-01 first", () => {
    expect(findEndpoint(identityPair)).toEqual({
      url,
      origin: "http://127.0.0.1:41601",
      secret,
      urlVariable: "IDENTITY_ENDPOINT",
      secretVariable: "IDENTITY_HEADER",
      apiVersion: "2019-08-01",
    });
  });

  it("is the MSI pair where there is no other, asked in 2017-09-01 first", () => {
    expect(findEndpoint(msiPair)).toEqual({
      url: msiPair.MSI_ENDPOINT,
      origin: "http://127.0.0.1:41601",
      secret: msiPair.MSI_SECRET,
      urlVariable: "MSI_ENDPOINT",
      secretVariable: "MSI_SECRET",
      apiVersion: "2017-09-01",
    });
  });

  it.each<[what: string, env: Environment, urlVariable: string]>([
    ["both pairs", { ...identityPair, ...msiPair }, "IDENTITY_ENDPOINT"],
    [
      "trap: MSI_ENDPOINT without its secret, as Container Apps sets it",
      { ...identityPair, MSI_ENDPOINT: url },
      "IDENTITY_ENDPOINT",
    ],
    ["MSI_SECRET without its endpoint", { ...identityPair, MSI_SECRET: "s" }, "IDENTITY_ENDPOINT"],
    [
      "IMDS_ENDPOINT beside a complete pair",
      { ...identityPair, IMDS_ENDPOINT: "http://127.0.0.1:40342" },
      "IDENTITY_ENDPOINT",
    ],
    ["an empty IDENTITY_HEADER", { IDENTITY_ENDPOINT: url, IDENTITY_HEADER: "", ...msiPair }, "MSI_ENDPOINT"],
    ["a blank IDENTITY_HEADER", { IDENTITY_ENDPOINT: url, IDENTITY_HEADER: " \t", ...msiPair }, "MSI_ENDPOINT"],
    ["a blank IDENTITY_ENDPOINT", { IDENTITY_ENDPOINT: " ", IDENTITY_HEADER: "s", ...msiPair }, "MSI_ENDPOINT"],
    ["a lone IDENTITY_ENDPOINT", { IDENTITY_ENDPOINT: url, ...msiPair }, "MSI_ENDPOINT"],
    ["a lone IDENTITY_HEADER", { IDENTITY_HEADER: "s", ...msiPair }, "MSI_ENDPOINT"],
    ["a blank IDENTITY_SERVER_THUMBPRINT", { ...identityPair, IDENTITY_SERVER_THUMBPRINT: " " }, "IDENTITY_ENDPOINT"],
  ])("given %s, is that of the complete pair", (_what, env, urlVariable) => {
    expect(findEndpoint(env)).toMatchObject({ urlVariable });
  });

  it.each([
    "http://172.16.2.6:8081/msi/token",
    "http://127.0.0.1:41601/MSI/token/",
    "http://localhost:42356/msi/token",
    "http://[::1]:8081/msi/token",
    "http://identity.internal/msi/token?pool=a",
    "https://identity.example:8443/msi/token",
    "HTTP://LOCALHOST:8081/msi/token",
  ])("trap: may be anywhere and have any path: %s", (IDENTITY_ENDPOINT) => {
    expect(findEndpoint({ ...identityPair, IDENTITY_ENDPOINT }).url).toBe(IDENTITY_ENDPOINT);
  });

  it("is read without the white space around the variables", () => {
    const env = { IDENTITY_ENDPOINT: ` ${url}\n`, IDENTITY_HEADER: `\t${secret}\r\n` };
    expect(findEndpoint(env)).toMatchObject({ url, secret });
  });

  it("may have a secret of any characters that a header may hold", () => {
    const IDENTITY_HEADER = "a b\t~!\u0080ÿ";
    expect(findEndpoint({ ...identityPair, IDENTITY_HEADER }).secret).toBe(IDENTITY_HEADER);
  });

  it("shows scheme, host and port only as its origin", () => {
    const { origin } = findEndpoint({
      ...identityPair,
      IDENTITY_ENDPOINT: "http://host:8081/msi/token?key=value#part",
    });
    expect(origin).toBe("http://host:8081");
  });
});

describe("without a complete pair there is NOT_CONFIGURED, which lets a chain go on, and it names", () => {
  it.each<[what: string, env: Environment, named: string[]]>([
    ["all variables", {}, ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"]],
    ["all variables where they are undefined", { IDENTITY_ENDPOINT: undefined }, ["IDENTITY_ENDPOINT"]],
    [
      "the missing IDENTITY_HEADER",
      { IDENTITY_ENDPOINT: url },
      ["IDENTITY_ENDPOINT is set, but IDENTITY_HEADER is not."],
    ],
    [
      "the missing IDENTITY_ENDPOINT",
      { IDENTITY_HEADER: "s" },
      ["IDENTITY_HEADER is set, but IDENTITY_ENDPOINT is not."],
    ],
    ["the missing MSI_ENDPOINT", { MSI_SECRET: "s" }, ["MSI_SECRET is set, but MSI_ENDPOINT is not."]],
    [
      "both missing halves, which are never mixed",
      { IDENTITY_ENDPOINT: url, MSI_SECRET: "s" },
      ["IDENTITY_ENDPOINT is set, but IDENTITY_HEADER is not.", "MSI_SECRET is set, but MSI_ENDPOINT is not."],
    ],
    ["Azure Arc", { IDENTITY_ENDPOINT: url, IMDS_ENDPOINT: "http://127.0.0.1:40342" }, ["IMDS_ENDPOINT", "Azure Arc"]],
    ["Cloud Shell", { MSI_ENDPOINT: "http://localhost:50342/oauth2/token" }, ["MSI_ENDPOINT", "Cloud Shell"]],
    [
      "trap: Service Fabric, which sets the IDENTITY pair as well",
      { ...identityPair, IDENTITY_SERVER_THUMBPRINT: "AB12" },
      ["IDENTITY_SERVER_THUMBPRINT", "Service Fabric"],
    ],
    [
      "Service Fabric, whatever else is set",
      { ...msiPair, IMDS_ENDPOINT: "x", IDENTITY_SERVER_THUMBPRINT: "AB12" },
      ["IDENTITY_SERVER_THUMBPRINT", "Service Fabric"],
    ],
  ])("%s", (_what, env, named) => {
    const error = refusalOf(env);
    expect(error).toMatchObject({ name: "CredentialUnavailableError", code: "NOT_CONFIGURED" });
    for (const text of named) {
      expect(error.message).toContain(text);
    }
  });

  it("no other host where nothing hints at one", () => {
    expect(refusalOf({}).message).not.toMatch(/Service Fabric|Azure Arc|Cloud Shell|is set/);
    expect(refusalOf({ IDENTITY_ENDPOINT: url, MSI_ENDPOINT: url }).message).not.toContain("looks like");
  });

  it("no pair as missing that is there, on Service Fabric", () => {
    expect(refusalOf({ ...identityPair, IDENTITY_SERVER_THUMBPRINT: "AB12" }).message).not.toMatch(/neither|not empty/);
  });

  it("trap: never the address of virtual machines", () => {
    expect(refusalOf({}).message).not.toContain("169.254");
  });

  it("what to do next", () => {
    expect(refusalOf({}).message).toContain("assign an identity to the app and restart it");
  });
});

describe("variables that make no sense are INVALID_ENDPOINT, which stops a chain, and the message names", () => {
  it.each<[what: string, value: string, named: string[]]>([
    ["the variable without a scheme", "10.9.8.7:41601/msi/token", ["IDENTITY_ENDPOINT", "no http or https URL"]],
    ["the variable with a host in place of the scheme", "localhost:41601/msi/token", ["IDENTITY_ENDPOINT"]],
    ["the variable with another scheme", "file:///etc/passwd", ["IDENTITY_ENDPOINT", "no http or https URL"]],
    ["the variable with a script", "javascript:alert(1)", ["IDENTITY_ENDPOINT"]],
    ["the variable with words", "MSI is not available here.", ["IDENTITY_ENDPOINT"]],
    ["the variable without a host", "http://:41601/msi/token", ["IDENTITY_ENDPOINT"]],
    ["the variable with a port out of range", "http://127.0.0.1:99999/msi/token", ["IDENTITY_ENDPOINT"]],
    ["the variable with a user name, and its host", "http://user@host:8081/x", ["IDENTITY_ENDPOINT", "host:8081"]],
    ["the variable with a password, and its host", "http://:hunter2@host:8081/x", ["IDENTITY_ENDPOINT", "host:8081"]],
  ])("%s", (_what, IDENTITY_ENDPOINT, named) => {
    const error = refusalOf({ ...identityPair, IDENTITY_ENDPOINT });
    expect(error).toMatchObject({ name: "AuthenticationError", code: "INVALID_ENDPOINT" });
    for (const text of named) {
      expect(error.message).toContain(text);
    }
    expect(error.message).not.toContain(IDENTITY_ENDPOINT);
    expect(error.message).not.toContain("hunter2");
  });

  it("the variable of the pair in use", () => {
    expect(refusalOf({ ...msiPair, MSI_ENDPOINT: "nowhere" }).message).toContain("MSI_ENDPOINT");
    expect(refusalOf({ ...msiPair, MSI_SECRET: "a\nb" }).message).toContain("MSI_SECRET");
  });

  it.each(["a\r\nx-injected: 1", "a\nb", "a\u0000b", "a\u007Fb", "a\u001B[31mb", "ключ", "a\u2028b", "🔑"])(
    "trap: the variable with a secret that no header may hold, and never the secret: %j",
    (IDENTITY_HEADER) => {
      const error = refusalOf({ ...identityPair, IDENTITY_HEADER });
      expect(error).toMatchObject({ name: "AuthenticationError", code: "INVALID_ENDPOINT" });
      expect(error.message).toContain("IDENTITY_HEADER");
      expect(error.message).not.toContain(IDENTITY_HEADER);
      expect(error.message).not.toContain("injected");
      expect(error.cause).toBeUndefined();
    },
  );

  it("never the secret that somebody wrote into the variable for the URL", () => {
    const { message } = refusalOf({ IDENTITY_ENDPOINT: secret, IDENTITY_HEADER: url });
    expect(message).not.toContain(secret);
  });
});

describe("an endpoint is the same", () => {
  const endpoint = findEndpoint(identityPair);

  it.each([
    ["where URL and secret are the same, whichever variables hold them", { urlVariable: "MSI_ENDPOINT" }, true],
    ["not with another secret: the platform rotates it", { secret: "another" }, false],
    ["not with another URL", { url: `${url}/` }, false],
  ])("%s", (_what, change, same) => {
    expect(isSameEndpoint(endpoint, { ...endpoint, ...change })).toBe(same);
  });
});
