import { isAppServiceMsiAvailable } from "@appservice-msi/credential";
import { describe, expect, it } from "vitest";
import { credentialFor, playEndpoint, storage, token, useNock } from "../play-endpoint.ts";

useNock();

const identityEndpoint = "http://127.0.0.1:1001/msi/token";
const msiEndpoint = "http://127.0.0.1:1002/msi/token";
const identityPair = { IDENTITY_ENDPOINT: identityEndpoint, IDENTITY_HEADER: "identity-secret" };
const msiPair = { MSI_ENDPOINT: msiEndpoint, MSI_SECRET: "msi-secret" };

describe("of the variables that a host sets, the credential takes", () => {
  it.each<[what: string, env: Record<string, string | undefined>]>([
    ["the IDENTITY pair alone", identityPair],
    ["the IDENTITY pair before the MSI pair", { ...msiPair, ...identityPair }],
    [
      "the IDENTITY pair beside a lone MSI_ENDPOINT, as on Container Apps",
      { ...identityPair, MSI_ENDPOINT: msiEndpoint },
    ],
    ["the IDENTITY pair beside a lone MSI_SECRET", { ...identityPair, MSI_SECRET: "msi-secret" }],
    ["the IDENTITY pair beside an empty MSI pair", { ...identityPair, MSI_ENDPOINT: "", MSI_SECRET: "" }],
    [
      "the IDENTITY pair where Azure Arc's variable is set too",
      { ...identityPair, IMDS_ENDPOINT: "http://localhost:40342" },
    ],
  ])("%s", async (_what, env) => {
    const endpoint = playEndpoint([token()], identityEndpoint);
    await credentialFor({ env }).getToken(storage);
    expect(endpoint.requests[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:1001\/msi\/token\?api-version=2019-08-01&/);
    expect(endpoint.requests[0]?.headers["x-identity-header"]).toBe("identity-secret");
    expect(isAppServiceMsiAvailable(env)).toBe(true);
  });

  it.each<[what: string, env: Record<string, string | undefined>]>([
    ["the MSI pair alone", msiPair],
    ["the MSI pair when there is no IDENTITY_HEADER", { ...msiPair, IDENTITY_ENDPOINT: identityEndpoint }],
    ["the MSI pair when there is no IDENTITY_ENDPOINT", { ...msiPair, IDENTITY_HEADER: "identity-secret" }],
    ["the MSI pair when IDENTITY_HEADER is empty", { ...msiPair, ...identityPair, IDENTITY_HEADER: "" }],
    ["the MSI pair when IDENTITY_HEADER is blank", { ...msiPair, ...identityPair, IDENTITY_HEADER: " \t\n" }],
    ["the MSI pair when IDENTITY_ENDPOINT is blank", { ...msiPair, ...identityPair, IDENTITY_ENDPOINT: " " }],
  ])("%s", async (_what, env) => {
    const endpoint = playEndpoint([token()], msiEndpoint);
    await credentialFor({ env }).getToken(storage);
    expect(endpoint.requests[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:1002\/msi\/token\?api-version=2017-09-01&/);
    expect(endpoint.requests[0]?.headers["secret"]).toBe("msi-secret");
  });

  it.each<[what: string, env: Record<string, string | undefined>]>([
    ["nothing", {}],
    ["empty variables", { IDENTITY_ENDPOINT: "", IDENTITY_HEADER: "", MSI_ENDPOINT: "", MSI_SECRET: "" }],
    ["the halves of two pairs", { IDENTITY_ENDPOINT: identityEndpoint, MSI_SECRET: "msi-secret" }],
    ["the other halves of two pairs", { MSI_ENDPOINT: msiEndpoint, IDENTITY_HEADER: "identity-secret" }],
    ["Service Fabric's variables, whole as they are", { ...identityPair, IDENTITY_SERVER_THUMBPRINT: "AB12" }],
    ["Azure Arc's variables", { IDENTITY_ENDPOINT: identityEndpoint, IMDS_ENDPOINT: "http://localhost:40342" }],
    ["Cloud Shell's variable", { MSI_ENDPOINT: msiEndpoint }],
  ])("nothing from %s, and asks nobody, 169.254.169.254 included", async (_what, env) => {
    // nock refuses, and useNock reports, every request that is not played.
    await expect(credentialFor({ env }).getToken(storage)).rejects.toMatchObject({
      code: "NOT_CONFIGURED",
      name: "CredentialUnavailableError",
    });
    expect(isAppServiceMsiAvailable(env)).toBe(false);
  });
});

describe("the variables are read at every request", () => {
  it("so that an app that starts before its identity is there gets its token later", async () => {
    const endpoint = playEndpoint([token()]);
    const env: Record<string, string | undefined> = {};
    const credential = credentialFor({ env });
    await expect(credential.getToken(storage)).rejects.toMatchObject({ code: "NOT_CONFIGURED" });
    Object.assign(env, endpoint.env);
    await expect(credential.getToken(storage)).resolves.toMatchObject({ tokenType: "Bearer" });
  });

  it("so that a new endpoint is asked for the next token", async () => {
    const first = playEndpoint([token()], identityEndpoint);
    const second = playEndpoint([token()], msiEndpoint);
    const env = { ...first.env };
    const credential = credentialFor({ env });
    await credential.getToken(storage);
    Object.assign(env, second.env);
    await credential.getToken("https://another.test");
    expect(second.requests).toHaveLength(1);
  });

  it("and not when the credential is made", () => {
    const env = new Proxy<Record<string, string>>(
      {},
      {
        get: (_target, name) => {
          if (name !== "AZURE_CLIENT_ID") {
            throw new Error(`${String(name)} was read`);
          }
          return undefined;
        },
      },
    );
    expect(() => credentialFor({ env })).not.toThrow();
  });
});
