import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultUserAssigned } from "./identities.ts";
import type { JournalEntry } from "./index.ts";
import { startEmulator } from "./index.ts";
import { DeveloperTokens } from "./pass-through.ts";

interface Printed {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly again: Record<string, unknown>;
  readonly entry: JournalEntry;
}

const script = fileURLToPath(new URL("../testing/ask-with-developer-token.ts", import.meta.url));
const expiresOn = Math.floor(Date.now() / 1000) + 3600;
let folder = "";

/** Asks in a process that finds the given shell script under the name `az`. */
async function askWithAz(az: string): Promise<Printed> {
  const path = join(folder, "az");
  await writeFile(path, `#!/bin/sh\n${az}\n`);
  await chmod(path, 0o755);
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: { PATH: [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter) },
    timeout: 20_000,
  });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stand-in-az-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(process.platform === "win32")("tokens from the Azure CLI", { timeout: 30_000 }, () => {
  it("are handed out on the same wire, whoever is asked for, fetched once, and marked in the journal", async () => {
    const token = await new SignJWT({ aud: "https://vault.azure.net", oid: "me", name: "Somebody", upn: "some@body" })
      .setProtectedHeader({ alg: "HS256" })
      .sign(new Uint8Array(32));
    const answer = JSON.stringify({
      accessToken: token,
      expires_on: expiresOn,
      expiresOn: "2030-01-01 00:00:00.000000",
      subscription: "s",
      tenant: "t",
      tokenType: "Bearer",
    });
    const log = join(folder, "calls");
    const { status, body, again, entry } = await askWithAz(`echo "$@" >> ${log}\necho '${answer}'`);
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: token,
      expires_on: String(expiresOn),
      resource: "https://vault.azure.net",
      token_type: "Bearer",
      client_id: "0b9a1c55-5cb4-4b5f-9d3e-0c5d3a0d6c11",
    });
    expect(again["access_token"]).toBe(token);
    expect(entry).toMatchObject({ tokensFrom: "azure-cli", claims: { oid: "me" } });
    expect(JSON.stringify(entry)).not.toMatch(/Somebody|some@body/);
  });

  it("say why there are none, at once and in words that lead on", async () => {
    const { status, body, entry } = await askWithAz(`echo "Please run 'az login' to setup account." >&2\nexit 1`);
    expect(status).toBe(400);
    expect(body["message"]).toMatch(/^The emulator got no token from azure-cli: .*az login/);
    expect(entry).toMatchObject({ status: 400, failure: body["message"] });
  });
});

describe("the developer's tokens", () => {
  it("are asked for by scope, and their expiry can be told wrong by a fault only", async () => {
    const scopes: string[] = [];
    const tokens = new DeveloperTokens("default", {
      getToken: (scope) => {
        scopes.push(scope);
        return Promise.resolve({ token: "opaque", expiresOnTimestamp: 5000 });
      },
    });
    expect(await tokens.issue(defaultUserAssigned, "https://management.azure.com/", 0)).toEqual({
      token: "opaque",
      expiresOn: 5000,
    });
    expect(await tokens.issue(defaultUserAssigned, "https://a.example", 0, 7)).toEqual({
      token: "opaque",
      expiresOn: 7,
    });
    expect(scopes).toEqual(["https://management.azure.com//.default", "https://a.example/.default"]);
  });

  it("do not come from nothing", async () => {
    const tokens = new DeveloperTokens("azure-cli", { getToken: () => Promise.resolve(null) });
    await expect(tokens.issue(defaultUserAssigned, "https://a.example", 0)).rejects.toThrow(
      "got no token from azure-cli",
    );
  });

  it("leave no token in the reason why there is none", async () => {
    const tokens = new DeveloperTokens("azure-cli", {
      getToken: () => Promise.reject(new Error("bad eyJhbGci.eyJhdWQi.c2ln\nstack")),
    });
    await expect(tokens.issue(defaultUserAssigned, "https://a.example", 0)).rejects.toThrow(
      /azure-cli: bad \[token\]$/,
    );
  });

  it("are shown as such by the emulator", async () => {
    await using emulator = await startEmulator({ tokensFrom: "default" });
    expect(emulator.tokensFrom).toBe("default");
  });
});
