import { startEmulator } from "@appservice-msi/emulator";
import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { call } from "./play-terminal.ts";

const now = Date.UTC(2026, 10, 23, 12);

function tokenWith(claims: Record<string, unknown>): string {
  return new UnsecuredJWT(claims).encode();
}

describe("whoami", () => {
  it("shows who the token says one is, and until when changes of roles may take", async () => {
    await using emulator = await startEmulator();
    const identity = emulator.identities.systemAssigned;
    const { exitCode, stdout, stderr } = await call(["whoami"], { env: emulator.env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Object id +${identity?.objectId}\nClient id +${identity?.clientId}\n`));
    expect(stdout).toMatch(
      new RegExp(`\nTenant +${emulator.tenantId}\nIdentity +system-assigned\nResource id +/subscr`),
    );
    expect(stdout).toMatch(/\nIssued +\S+Z, \d+ min.* ago\nExpires +\S+Z, in 2[34] h.*\n$/);
    expect(stderr).toMatch(/changes of roles and groups since \S+Z may take until \S+Z to show\.\n$/);
  });

  it("is an object for scripts, with times in seconds since 1970 too", async () => {
    await using emulator = await startEmulator();
    const [identity] = emulator.identities.userAssigned;
    const args = ["whoami", "--client-id", identity?.clientId ?? "", "-o", "json"];
    const { stdout, stderr } = await call(args, { env: emulator.env });
    const report = JSON.parse(stdout);
    expect(stderr).toBe("");
    expect(report).toMatchObject({
      objectId: identity?.objectId,
      clientId: identity?.clientId,
      tenantId: emulator.tenantId,
      resourceId: identity?.resourceId,
      identityKind: "user-assigned",
      audience: "https://management.azure.com",
      expired: false,
    });
    expect(Date.parse(report.issuedOn)).toBe(report.issued_on * 1000);
    expect(Date.parse(report.expiresOn)).toBe(report.expires_on * 1000);
  });

  it("says so when the token is none that can be read", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("missing-token");
    const { exitCode, stdout } = await call(["whoami"], { env: emulator.env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: "" });
  });
});

describe("whoami -", () => {
  const claims = { oid: "o-1", appid: "a-1", tid: "t-1", iat: now / 1000 - 7200, exp: now / 1000 + 3600 };

  it.each([
    ["alone", (token: string) => `${token}\n`],
    ["in a header", (token: string) => `Authorization: Bearer ${token}\n`],
    ["in JSON", (token: string) => JSON.stringify({ accessToken: token, expires_on: 1 })],
    ["in a variable", (token: string) => `AZURE_ACCESS_TOKEN=${token}\nAZURE_ACCESS_TOKEN_EXPIRES_ON=1\n`],
  ])("reads a token that stands %s, and says that it verifies nothing", async (_how, write) => {
    const input = write(tokenWith(claims));
    const { exitCode, stdout, stderr } = await call(["whoami", "-", "-o", "json"], { input, now: () => now });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: "Nothing was verified: this is what the token says, whoever made it.\n",
    });
    expect(JSON.parse(stdout)).toEqual({
      objectId: "o-1",
      clientId: "a-1",
      tenantId: "t-1",
      issuedOn: "2026-11-23T10:00:00Z",
      issued_on: claims.iat,
      ageInSeconds: 7200,
      expiresOn: "2026-11-23T13:00:00Z",
      expires_on: claims.exp,
      expired: false,
    });
  });

  it("shows all claims when they are wanted", async () => {
    const input = tokenWith({ ...claims, roles: ["a"] });
    const { stdout } = await call(["whoami", "-", "-o", "claims"], { input });
    expect(JSON.parse(stdout)).toEqual({ ...claims, roles: ["a"] });
  });

  it("says how long a token has been expired", async () => {
    const input = tokenWith({ ...claims, exp: now / 1000 - 60 });
    const { stdout } = await call(["whoami", "-"], { input, now: () => now });
    expect(stdout).toMatch(/\nExpires +2026-11-23T11:59:00Z, expired 1 min ago\n/);
  });

  it("lets no claim steer the terminal", async () => {
    const input = tokenWith({ oid: "\u001b[2J\u001b]0;owned\u0007evil\u202e\nnext" });
    const table = await call(["whoami", "-"], { input });
    expect(table.stdout).toMatch(/^Object id +\[2J\]0;ownedevil next\n/);
    const json = await call(["whoami", "-", "-o", "claims"], { input });
    // oxlint-disable-next-line no-control-regex -- they must not be there
    expect(json.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(json.stdout).oid).toContain("\u001b[2J");
  });

  it.each(["", "not a token", "eyJhbGciOiJub25lIn0.bm90IGpzb24.x"])("refuses %j", async (input) => {
    const { exitCode, stdout, stderr } = await call(["whoami", "-"], { input });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^appservice-msi: There is no JWT on standard input\.\n/);
  });

  it("refuses a token on the command line, without repeating it", async () => {
    const token = tokenWith(claims);
    const { exitCode, stdout, stderr } = await call(["whoami", token]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).not.toContain(token);
  });
});
