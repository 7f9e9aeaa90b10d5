import { describe, expect, it } from "vitest";
import { isAppServiceMsiAvailable } from "./availability.ts";
import type { Environment } from "./endpoint.ts";

const identityPair = { IDENTITY_ENDPOINT: "http://127.0.0.1:41601/msi/token", IDENTITY_HEADER: "s" };
const msiPair = { MSI_ENDPOINT: "http://127.0.0.1:41601/msi/token", MSI_SECRET: "s" };

describe("the credential", () => {
  it.each<[what: string, env: Environment, available: boolean]>([
    ["is available with a complete pair", identityPair, true],
    ["is available with the other pair", msiPair, true],
    ["is not available without variables", {}, false],
    ["is not available with half a pair", { IDENTITY_ENDPOINT: identityPair.IDENTITY_ENDPOINT }, false],
    ["is not available on Service Fabric", { ...identityPair, IDENTITY_SERVER_THUMBPRINT: "AB12" }, false],
    [
      "is available with variables that are wrong, so that getToken says what is wrong",
      { ...identityPair, IDENTITY_ENDPOINT: "x" },
      true,
    ],
  ])("%s", (_what, env, available) => {
    expect(isAppServiceMsiAvailable(env)).toBe(available);
  });

  it("looks at the variables of the process unless others are given", () => {
    expect(isAppServiceMsiAvailable()).toBe(isAppServiceMsiAvailable(process.env));
  });

  it("does not call variables missing that cannot be read", () => {
    const unreadable = {
      get IDENTITY_ENDPOINT(): string {
        throw new RangeError("not here");
      },
    };
    expect(() => isAppServiceMsiAvailable(unreadable)).toThrow(RangeError);
  });
});
