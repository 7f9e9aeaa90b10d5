import { startEmulator } from "@appservice-msi/emulator";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { call } from "./play-terminal.ts";

const vault = "https://vault.azure.net";
const jwt = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;

describe("token", () => {
  it("prints a token as an object, with its end in UTC", async () => {
    await using emulator = await startEmulator();
    const { exitCode, stdout, stderr } = await call(["token", "--resource", "storage"], { env: emulator.env });
    const printed = JSON.parse(stdout);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(decodeJwt(printed.accessToken)).toMatchObject({ aud: "https://storage.azure.com", exp: printed.expires_on });
    expect(printed).toEqual({
      accessToken: printed.accessToken,
      expiresOn: new Date(printed.expires_on * 1000).toISOString().replace(".000", ""),
      expires_on: expect.any(Number),
      resource: "https://storage.azure.com",
      tenant: emulator.tenantId,
      clientId: emulator.identities.systemAssigned?.clientId,
      tokenType: "Bearer",
    });
  });

  it("prints the token alone, so that $(…) holds nothing else", async () => {
    await using emulator = await startEmulator();
    const { stdout } = await call(["token", "-r", vault, "-o", "raw"], { env: emulator.env });
    expect(stdout).toMatch(new RegExp(`^${jwt.source}\n$`));
  });

  it("prints a header that curl takes", async () => {
    await using emulator = await startEmulator();
    const { stdout } = await call(["token", "-r", vault, "-o", "header"], { env: emulator.env });
    expect(stdout).toMatch(new RegExp(`^Authorization: Bearer ${jwt.source}\n$`));
  });

  it("prints variables that a shell and Docker take", async () => {
    await using emulator = await startEmulator();
    const { stdout } = await call(["token", "-r", vault, "-o", "env"], { env: emulator.env });
    expect(stdout).toMatch(new RegExp(`^AZURE_ACCESS_TOKEN=${jwt.source}\nAZURE_ACCESS_TOKEN_EXPIRES_ON=\\d{10}\n$`));
  });

  it("prints an ExecCredential that kubectl takes", async () => {
    await using emulator = await startEmulator();
    const { stdout } = await call(["token", "-r", "kubernetes", "-o", "k8s"], { env: emulator.env });
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: {
        token: expect.stringMatching(jwt),
        expirationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    });
  });

  it.each([
    ["keyVault", vault],
    ["key-vault", vault],
    ["usGovernment.keyVault", "https://vault.usgovcloudapi.net"],
    [vault, vault],
    [`${vault}/.default`, vault],
    [`${vault}//.default`, `${vault}/`],
    ["2ff814a6-3304-4ab8-85cb-cd0e6f879c1d", "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"],
  ])("takes %s for the resource %s", async (given, asked) => {
    await using emulator = await startEmulator();
    await call(["token", "-r", given], { env: emulator.env });
    expect(emulator.journal.list()).toMatchObject([{ resource: asked, status: 200 }]);
  });

  it.each([
    ["storge", 'appservice-msi: "storge" is no resource. Did you mean storage?'],
    ["vault.azure.net", 'appservice-msi: "vault.azure.net" is no resource. Did you mean https://vault.azure.net?'],
    ["", 'appservice-msi: "" is no resource. Give a URI such as https://vault.azure.net, or one of storage, keyVault'],
  ])("asks nobody for %j, and says what may have been meant", async (given, message) => {
    await using emulator = await startEmulator();
    const { exitCode, stdout, stderr } = await call(["token", "-r", given], { env: emulator.env });
    expect({ exitCode, stdout, asked: emulator.journal.list() }).toEqual({ exitCode: 2, stdout: "", asked: [] });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\nUsage: appservice-msi token \[options\]\n$/);
  });

  it.each([
    ["--client-id", "clientId"],
    ["--object-id", "objectId"],
    ["--resource-id", "resourceId"],
  ] as const)("asks for a user-assigned identity by %s", async (flag, kind) => {
    await using emulator = await startEmulator();
    const [identity] = emulator.identities.userAssigned;
    const { stdout } = await call(["token", "-r", vault, flag, identity?.[kind] ?? ""], { env: emulator.env });
    expect(JSON.parse(stdout).clientId).toBe(identity?.clientId);
  });

  it("asks for the identity in AZURE_CLIENT_ID, and with an empty --client-id for the system-assigned one", async () => {
    await using emulator = await startEmulator();
    const { systemAssigned, userAssigned } = emulator.identities;
    const env = { ...emulator.env, AZURE_CLIENT_ID: userAssigned[0]?.clientId };
    const named = await call(["token", "-r", vault], { env });
    expect(JSON.parse(named.stdout).clientId).toBe(userAssigned[0]?.clientId);
    const unnamed = await call(["token", "-r", vault, "--client-id", ""], { env });
    expect(JSON.parse(unnamed.stdout).clientId).toBe(systemAssigned?.clientId);
  });

  it("refuses two ids, and a blank one", async () => {
    const two = await call(["token", "-r", vault, "--client-id", "a", "--object-id", "b"]);
    expect(two.exitCode).toBe(2);
    expect(two.stderr).toContain("--client-id and --object-id are given, and a token is for one identity.");
    const blank = await call(["token", "-r", vault, "--object-id", " "]);
    expect(blank.exitCode).toBe(2);
    expect(blank.stderr).toContain("--object-id is blank.");
  });

  it("asks in the API version that is wanted", async () => {
    await using emulator = await startEmulator();
    await call(["token", "-r", vault, "--api-version", "2017-09-01"], { env: emulator.env });
    expect(emulator.journal.list()).toMatchObject([{ apiVersion: "2017-09-01", status: 200 }]);
  });

  it("introduces itself", async () => {
    await using emulator = await startEmulator();
    await call(["token", "-r", vault], { env: emulator.env });
    expect(emulator.journal.list()[0]?.userAgent).toMatch(/^appservice-msi-cli\/\d/);
  });
});

describe("token --response", () => {
  it("shows status, headers and body of the endpoint's answer, the token redacted", async () => {
    await using emulator = await startEmulator();
    const { exitCode, stdout } = await call(["token", "-r", vault, "--response"], { env: emulator.env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^HTTP 200\ncontent-type: application\/json; charset=utf-8\n[^]*\n\n\{\n  "access_token": "\[redacted\]",\n/,
    );
    expect(stdout).not.toMatch(jwt);
  });

  it("shows the token when that is wanted", async () => {
    await using emulator = await startEmulator();
    const { stdout } = await call(["token", "-r", vault, "--response", "--show-token"], { env: emulator.env });
    expect(stdout).toMatch(jwt);
  });

  it("is an object for programs", async () => {
    await using emulator = await startEmulator();
    const { stdout } = await call(["token", "-r", vault, "--response", "-o", "json"], { env: emulator.env });
    expect(JSON.parse(stdout)).toMatchObject({
      status: 200,
      headers: { server: "Kestrel" },
      body: { access_token: "[redacted]", resource: vault, token_type: "Bearer" },
    });
  });

  it("shows a refusal as it came, and says what it means besides", async () => {
    await using emulator = await startEmulator();
    const { exitCode, stdout, stderr } = await call(["token", "-r", vault, "--client-id", "nobody", "--response"], {
      env: emulator.env,
    });
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/^HTTP 400\n[^]*"message": "No User Assigned or Delegated Managed Identity found/);
    expect(stderr).toMatch(/^appservice-msi: IDENTITY_NOT_FOUND: /);
  });

  it("shows a body that breaks off, the token in it redacted", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("malformed-json");
    const env = emulator.env;
    const { exitCode, stdout } = await call(["token", "-r", vault, "--response", "--timeout", "0.5"], { env });
    expect(exitCode).not.toBe(0);
    expect(stdout).toMatch(/\n\n\{"token_type":"Bearer",\n$/);
  });

  it.each([
    [["--show-token"], "--show-token goes with --response."],
    [["--response", "-o", "raw"], "--response prints the answer as text or, with -o json, as JSON."],
  ])("is not combined with what makes no sense: %j", async (args, message) => {
    const { exitCode, stdout, stderr } = await call(["token", "-r", vault, ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

describe("The exit code of token", () => {
  it("is 3 without an endpoint", async () => {
    const { exitCode, stdout, stderr } = await call(["token", "-r", vault]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(
      /^appservice-msi: NOT_CONFIGURED: .* run this by appservice-msi exec, .* To look closer: appservice-msi doctor\.\n$/,
    );
  });

  it("is 3 for an endpoint that is no URL", async () => {
    const env = { IDENTITY_ENDPOINT: "127.0.0.1:41601/msi/token", IDENTITY_HEADER: "x" };
    const { exitCode, stderr } = await call(["token", "-r", vault], { env });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^appservice-msi: INVALID_ENDPOINT: /);
  });

  it("is 4 where nothing listens", async () => {
    const emulator = await startEmulator();
    await emulator.close();
    const { exitCode, stderr } = await call(["token", "-r", vault, "--timeout", "1"], { env: emulator.env });
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/^appservice-msi: UNREACHABLE: .*\(ECONNREFUSED\)/);
  });

  it.concurrent.each([
    ["hang", 4, "TIMEOUT", "0.5"],
    ["secret-rotated", 5, "UNAUTHORIZED", "15"],
    ["status-500", 6, "SERVICE_FAILED", "3"],
    ["status-429", 6, "THROTTLED", "3"],
    ["html", 6, "INVALID_RESPONSE", "15"],
  ] as const)("is, for the fault %s, %i, and nothing is on standard output", async (fault, expected, code, timeout) => {
    await using emulator = await startEmulator();
    emulator.faults.arm(fault);
    // The variables as they were: this process does not hear of the new secret.
    const { exitCode, stdout, stderr } = await call(["token", "-r", vault, "--timeout", timeout], {
      env: { ...emulator.env },
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^appservice-msi: ${code}: .*\n$`));
  });
});
