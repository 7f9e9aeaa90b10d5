import { AppServiceMsiCredential, type AppServiceMsiErrorCode } from "@appservice-msi/credential";
import { startEmulator } from "@appservice-msi/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canarySecret as secret, CanarySearch, canaryToken, everythingIn, textOf } from "../canaries.ts";
// oxlint-disable-next-line no-restricted-imports -- the folder beside this one, no package
import { call, start } from "../cli/play-terminal.ts";
import {
  type Act,
  connectionError,
  credentialFor,
  elapse,
  failureOf,
  inVirtualTime,
  playEndpoint,
  refusal,
  stopClocks,
  storage,
  token,
  unsupportedApiVersion,
  useNock,
  vault,
} from "../play-endpoint.ts";
import { runNode } from "../run-node.ts";
import { recordTelemetry, type TelemetryRecord } from "../telemetry-record.ts";

const search = new CanarySearch(secret, canaryToken);
const warnings: unknown[] = [];
let record: TelemetryRecord;

function warn(warning: unknown): void {
  warnings.push(warning);
}

beforeAll(() => {
  record = recordTelemetry();
  process.on("warning", warn);
});
afterAll(() => {
  record.stop();
  process.off("warning", warn);
});

/** What a host, a gateway or a broken program may echo of what it was sent. */
const echo = `${secret} ${encodeURIComponent(secret)} ${JSON.stringify({ secret })} ${Buffer.from(`x:${secret}`).toString("base64")} Bearer ${canaryToken}`;

/** A way in which a call ends: what the endpoint does, and what the credential is given. */
interface Ending {
  readonly acts: readonly Act[];
  readonly options?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly scope?: string;
}

const clientId = "11112222-aaaa-4bbb-8ccc-333344445555";

/** Every code, so that the compiler complains of one that is missing. */
const endings: Readonly<Record<AppServiceMsiErrorCode, Ending>> = {
  NOT_CONFIGURED: { acts: [], env: { IDENTITY_ENDPOINT: "" } },
  INVALID_ENDPOINT: { acts: [], env: { IDENTITY_HEADER: `${secret}\n${secret}` } },
  INVALID_SCOPE: { acts: [], scope: "/.default" },
  UNSUPPORTED_IDENTITY: { acts: [], options: { objectId: clientId, apiVersion: "2017-09-01" } },
  IDENTITY_MISMATCH: {
    acts: [token({ access_token: canaryToken, client_id: clientId.replace("1", "9") })],
    options: { clientId },
  },
  IDENTITY_NOT_FOUND: { acts: [refusal(400, `No User Assigned or Delegated Managed Identity found ${echo}`)] },
  UNAUTHORIZED: { acts: [refusal(401, echo)] },
  REJECTED: { acts: [refusal(400, echo)] },
  THROTTLED: { acts: [refusal(429, echo, { "retry-after": "60", server: echo })] },
  SERVICE_FAILED: { acts: [refusal(500, echo)] },
  UNREACHABLE: { acts: [Object.assign(connectionError("ECONNRESET"), { message: echo })] },
  TIMEOUT: { acts: ["hang"] },
  INVALID_RESPONSE: { acts: [{ status: 200, body: echo, headers: { "content-type": `text/plain; ${secret}` } }] },
};

function good(): Act {
  return token({ access_token: canaryToken });
}

describe("with the secret and the token marked, and every log, span, event and warning written down", () => {
  useNock();

  it.each(Object.keys(endings) as AppServiceMsiErrorCode[])("%s shows neither", async (code) => {
    const { acts, options = {}, env = {}, scope = storage } = endings[code];
    const endpoint = playEndpoint(acts);
    const retryOptions = { maxRetries: 0 };
    const given = {
      ...options,
      retryOptions,
      timeoutInMs: 500,
      env: { ...endpoint.env, IDENTITY_HEADER: secret, ...env },
    };
    const error = await failureOf(new AppServiceMsiCredential(given).getToken(scope));
    expect(error.code).toBe(code);
    expect(search.find(everythingIn(error))).toBeUndefined();
    expect(search.find(record.take().text)).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it("a token, a hit, a fallback, a rotation, a refresh, a failed refresh and an abort show neither", async () => {
    stopClocks();
    const rotate = (): Act => {
      endpoint.env["IDENTITY_HEADER"] = secret;
      return refusal(401, echo);
    };
    const endpoint = playEndpoint([unsupportedApiVersion(), rotate, good, good, refusal(503, echo), good, "hang"]);
    endpoint.env["IDENTITY_HEADER"] = `old${secret}`;
    const credential = credentialFor(endpoint, { retryOptions: { maxRetries: 1 } });
    expect(await inVirtualTime(credential.getToken(storage))).toMatchObject({ token: canaryToken });
    await credential.getToken(storage);
    await elapse(13 * 3_600_000);
    await credential.getToken(storage);
    await elapse(12 * 3_600_000);
    await credential.getToken(storage);
    await elapse(1000);
    const abort = new AbortController();
    const aborted = credential.getToken(vault, { abortSignal: abort.signal }).catch((error: unknown) => error);
    await elapse(10);
    abort.abort();
    const { text, ...counts } = record.take();
    expect(search.find([everythingIn(await aborted), textOf(credential), text].join("\n"))).toBeUndefined();
    expect(counts.logs * counts.spans * counts.events).toBeGreaterThan(0); // a search through nothing finds nothing
    expect(warnings).toEqual([]);
  });
});

/** Everything a person may call, but `token` and `emulator`, which are there to show what they show. */
const calls: readonly (readonly string[])[] = [
  ["token", "-r", "storage", "--response"],
  ["token", "-r", "storage", "--client-id", clientId, "--verbose"],
  ["whoami"],
  ["whoami", "-o", "json"],
  ["whoami", "-o", "claims"],
  ["env", "--all"],
  ["env", "-o", "json"],
  ["doctor", "--verbose"],
  ["doctor", "-o", "json"],
  ["fault", "list"],
  ["fault", "arm", "status-503", "--times", "1"],
  ["fault", "clear"],
  ["journal"],
  ["journal", "-o", "json"],
  ["completion", "bash"],
  ["--help"],
];

describe("around a real emulator", () => {
  it("no command, journal, control answer, event or state shows the secret or a token", async () => {
    await using emulator = await startEmulator({ secret });
    const { token: issued } = await new AppServiceMsiCredential({ env: emulator.env }).getToken(storage);
    const [, payload = "", signature = ""] = issued.split(".");
    const everything = new CanarySearch(secret, payload, signature);
    const key = new URLSearchParams(new URL(emulator.dashboardUrl).hash.slice(1)).get("key");
    const read = (path: string, init?: RequestInit): Promise<Response> =>
      fetch(`${emulator.url}/_emulator/${path}`, { ...init, headers: { authorization: `Bearer ${key}` } });
    const leaving = new AbortController();
    const events = await read("events", { signal: leaving.signal });
    const env = { ...emulator.env, APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl };
    const said: string[] = [];
    for (const argv of calls) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { stdout, stderr } = await call(argv, { env });
      said.push(stdout, stderr);
    }
    const quiet = start(["emulator"], {});
    await quiet.stderr.until(/Press Ctrl-C/);
    quiet.signal("SIGINT");
    said.push((await quiet.outcome).stderr);
    for (const path of ["state", "journal", "faults", "clock", "health"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      said.push(await (await read(path)).text());
    }
    const { value } = (await events.body?.getReader().read()) ?? {};
    leaving.abort();
    said.push(Buffer.from(value ?? []).toString(), textOf(emulator.journal.list()), textOf(emulator.faults.armed()));
    said.push(record.take().text);
    expect(said.join("").length).toBeGreaterThan(10_000);
    said.forEach((text) => expect(everything.find(text)).toBeUndefined());
    expect(warnings).toEqual([]);
  });

  it("a process that logs all there is shows neither on stdout or stderr, nor does its crash", async () => {
    await using emulator = await startEmulator({ secret });
    const { stdout, stderr } = await runNode(
      `import { inspect } from "node:util";
       import { AppServiceMsiCredential } from "@appservice-msi/credential";
       const credential = new AppServiceMsiCredential();
       const { expiresOnTimestamp } = await credential.getToken("https://storage.azure.com");
       console.log(expiresOnTimestamp, inspect(credential, { depth: Infinity, showHidden: true }));
       process.env.IDENTITY_HEADER += "-wrong";
       await new AppServiceMsiCredential().getToken("https://vault.azure.net");`,
      { env: { ...emulator.env, AZURE_LOG_LEVEL: "verbose", NODE_DEBUG: "" }, nodeOptions: ["--trace-warnings"] },
    );
    expect(stderr).toContain("UNAUTHORIZED");
    expect(search.find(`${stdout}\n${stderr}`)).toBeUndefined();
    expect(`${stdout}\n${stderr}`).not.toMatch(/eyJ[\w-]{10,}/);
  });
});
