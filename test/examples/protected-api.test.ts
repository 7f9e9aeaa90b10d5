import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { createTokenVerifier, requireToken } from "@appservice-msi/example-protected-api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const audience = "api://hello";
let emulator: Emulator;
let credential: AppServiceMsiCredential;
let api: Server;

beforeAll(async () => {
  emulator = await startEmulator();
  const configurationUrl = `${emulator.url}/.well-known/openid-configuration`;
  api = await serve(
    requireToken(await createTokenVerifier({ configurationUrl, audience }), (_, response, caller) => {
      response.end(caller["oid"]);
    }),
  );
});
beforeEach(async () => {
  await emulator.reset();
  credential = new AppServiceMsiCredential({ env: emulator.env });
});
afterAll(async () => {
  api.close();
  await emulator.close();
});

async function serve(listener: ReturnType<typeof requireToken>): Promise<Server> {
  const server = createServer((request, response) => void listener(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function call(
  server: Server,
  authorization?: string,
): Promise<{ status: number; challenge: string | null; body: string }> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(
    `http://127.0.0.1:${port}/`,
    authorization === undefined ? {} : { headers: { authorization } },
  );
  return {
    status: response.status,
    challenge: response.headers.get("www-authenticate"),
    body: await response.text(),
  };
}

async function tokenFor(scope: string): Promise<string> {
  return (await credential.getToken(scope)).token;
}

describe("the middleware", () => {
  test("lets a token for this API in, and says whose it is", async () => {
    const answer = await call(api, `Bearer ${await tokenFor(`${audience}/.default`)}`);
    expect(answer).toMatchObject({ status: 200, body: emulator.identities.systemAssigned?.objectId });
  });

  test("asks for a token where there is none", async () => {
    expect(await call(api)).toMatchObject({ status: 401, challenge: "Bearer" });
    expect(await call(api, "Basic dTpw")).toMatchObject({ status: 401, challenge: "Bearer" });
  });

  test.each([
    ["for another API", () => tokenFor("api://another/.default"), "ERR_JWT_CLAIM_VALIDATION_FAILED"],
    [
      "that has expired",
      async () => {
        emulator.faults.arm("expired-token", { times: 1 });
        const url = `${emulator.env.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${audience}`;
        const response = await fetch(url, { headers: { "X-IDENTITY-HEADER": emulator.env.IDENTITY_HEADER ?? "" } });
        return ((await response.json()) as { access_token: string }).access_token;
      },
      "ERR_JWT_EXPIRED",
    ],
    [
      "with a signature of nobody's",
      async () => (await tokenFor(audience)).replace(/[^.]+$/, "A".repeat(342)),
      "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    ],
    [
      "of another issuer",
      async () => {
        await using other = await startEmulator();
        return (await new AppServiceMsiCredential({ env: other.env }).getToken(audience)).token;
      },
      "ERR_JWKS_NO_MATCHING_KEY",
    ],
    [
      "without a signature",
      async () => {
        const [, payload] = (await tokenFor(audience)).split(".");
        return `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
      },
      "ERR_JOSE_ALG_NOT_ALLOWED",
    ],
    ["that is none", async () => "nonsense", "ERR_JWS_INVALID"],
  ])("refuses a token %s", async (_, make, code) => {
    const answer = await call(api, `Bearer ${await make()}`);
    expect(answer).toEqual({
      status: 401,
      challenge: `Bearer error="invalid_token", error_description="${code}"`,
      body: "",
    });
  });

  test("blames nobody's token for an issuer that is away", async () => {
    await using issuer = await startEmulator();
    const configurationUrl = `${issuer.url}/.well-known/openid-configuration`;
    const verify = await createTokenVerifier({ configurationUrl, audience });
    const { token } = await new AppServiceMsiCredential({ env: issuer.env }).getToken(audience);
    await issuer.close();
    const server = await serve(requireToken(verify, (_, response) => void response.end()));
    expect(await call(server, `Bearer ${token}`)).toEqual({ status: 503, challenge: null, body: "" });
    server.close();
  });

  test("nor for one that answers without its keys", async () => {
    const issuer = createServer((request, response) => {
      const ofKeys = request.url === "/keys";
      const keysUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`;
      response.writeHead(ofKeys ? 500 : 200).end(JSON.stringify({ issuer: "anybody", jwks_uri: keysUrl }));
    }).listen(0, "127.0.0.1");
    await once(issuer, "listening");
    const configurationUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/`;
    const verify = await createTokenVerifier({ configurationUrl, audience });
    const server = await serve(requireToken(verify, (_, response) => void response.end()));
    expect(await call(server, `Bearer ${await tokenFor(audience)}`)).toMatchObject({ status: 503, challenge: null });
    issuer.closeAllConnections();
    issuer.close();
    server.close();
  });

  test("says at the start when there is no configuration to read", async () => {
    const configurationUrl = `${emulator.url}/nothing`;
    await expect(createTokenVerifier({ configurationUrl, audience })).rejects.toThrow(`${configurationUrl} answered 4`);
  });
});

test("the example lets in the identity that may call, and nobody else", async () => {
  const demo = fileURLToPath(import.meta.resolve("@appservice-msi/example-protected-api/demo"));
  const { stdout } = await promisify(execFile)(process.execPath, [demo], { timeout: 15_000 });
  expect(stdout.match(/: (\d{3})/g)).toEqual([": 200", ": 403", ": 401", ": 401"]);
});
