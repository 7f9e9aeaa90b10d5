import { Agent, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ask, vault } from "../testing/ask.ts";
import { type Emulator, startEmulator } from "./index.ts";

/** Sends bytes as they are, and gives what comes back until the connection ends. */
function sendRaw(emulator: Emulator, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1", () => socket.end(bytes));
  // A connection that is cut is an answer too.
  return text(socket).catch(() => "");
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
}

function collectGarbage(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

describe("the emulator under hostile requests", () => {
  const secret = "s3cret";
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({ secret });
  });
  afterEach(() => emulator.reset());
  afterAll(() => emulator.close());

  const valid = `/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(vault)}`;
  const headers = `X-IDENTITY-HEADER: ${secret}\r\nConnection: close\r\n`;

  it.each([
    ["broken escapes", `GET /msi/token?api-version=2019-08-01&resource=%E0%A4%A HTTP/1.1`],
    ["a null byte", `GET ${valid}%00 HTTP/1.1`],
    ["an array for a parameter", `GET /msi/token?api-version[]=2019-08-01&resource[]=x HTTP/1.1`],
    ["names of properties", `GET /msi/token?api-version=2019-08-01&resource=x&__proto__=1&constructor=2 HTTP/1.1`],
    ["a thousand ids", `GET ${valid}${"&client_id=x".repeat(500)} HTTP/1.1`],
    ["two slashes", "GET //evil.example/msi/token HTTP/1.1"],
    ["a path upwards", "GET /msi/../../etc/passwd HTTP/1.1"],
    ["a broken escape in the path", "GET /%zz HTTP/1.1"],
    ["an address for a path", `GET http://evil.example${valid} HTTP/1.1`],
    ["an asterisk for a path", "OPTIONS * HTTP/1.1"],
    ["a made-up verb", `PROPFIND ${valid} HTTP/1.1`],
    ["a body on GET", `GET /msi/token HTTP/1.1\r\nContent-Length: 5`],
    ["a broken line", "GET"],
    ["no HTTP at all", "\u0000\u0001\u0002"],
    ["HTTP/2", "PRI * HTTP/2.0"],
    ["headers without end", `GET ${valid} HTTP/1.1\r\nX: ${"x".repeat(20_000)}`],
    ["a path without end", `GET /${"x".repeat(20_000)} HTTP/1.1`],
    ["two lengths", `GET ${valid} HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2`],
  ])("answers %s with 4xx", async (_, head) => {
    const host = `Host: ${new URL(emulator.url).host}\r\n`;
    const status = statusOf(await sendRaw(emulator, `${head}\r\n${host}${headers}\r\n`));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect((await ask(emulator.env)).status).toBe(200);
  });

  it("refuses a secret that was given twice", async () => {
    const answer = await sendRaw(
      emulator,
      `GET ${valid} HTTP/1.1\r\nHost: ${new URL(emulator.url).host}\r\n${headers}X-IDENTITY-HEADER: other\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(403);
  });

  it("answers a large body it did not ask for without reading it into memory", async () => {
    const response = await fetch(emulator.env.IDENTITY_ENDPOINT ?? "", { method: "POST", body: "x".repeat(5_000_000) });
    expect(response.status).toBe(405);
  });

  it("is not disturbed by callers who go away at any moment", async () => {
    emulator.faults.arm("slow-body", { durationInMs: 30 });
    await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => ask(emulator.env, {}, AbortSignal.timeout(index)).then((r) => r.text())),
    );
    emulator.faults.clear();
    expect((await ask(emulator.env)).status).toBe(200);
  });
});

describe("the emulator under load", () => {
  it(
    "answers 10 000 requests over 100 connections without an error, and does not grow",
    { timeout: 60_000 },
    async () => {
      await using emulator = await startEmulator();
      const agent = new Agent({ keepAlive: true, maxSockets: 100 });
      const url = `${emulator.env.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${encodeURIComponent(vault)}`;
      const headers = { "x-identity-header": emulator.env.IDENTITY_HEADER };
      const askOnce = (): Promise<number> =>
        new Promise((resolve, reject) => {
          request(url, { agent, headers }, (response) => {
            response.resume().on("end", () => resolve(response.statusCode ?? 0));
          })
            .on("error", reject)
            .end();
        });
      const askMany = async (count: number): Promise<number[]> =>
        Promise.all(Array.from({ length: count }, () => askOnce()));
      await askMany(1000);
      const before = collectGarbage();
      for (let round = 0; round < 10; round += 1) {
        // oxlint-disable-next-line no-await-in-loop -- a thousand at a time, over a hundred connections
        expect(new Set(await askMany(1000))).toEqual(new Set([200]));
      }
      const grownInMB = (collectGarbage() - before) / 1_000_000;
      agent.destroy();
      expect(grownInMB).toBeLessThan(8);
      expect(emulator.journal.list().at(-1)?.id).toBe(11_000);
    },
  );
});

describe("emulators side by side", () => {
  it("have addresses, secrets, keys and journals of their own", async () => {
    const emulators = await Promise.all(Array.from({ length: 5 }, () => startEmulator()));
    await Promise.all(emulators.map(({ env }) => ask(env)));
    for (const property of ["url", "dashboardUrl"] as const) {
      expect(new Set(emulators.map((emulator) => emulator[property])).size).toBe(5);
    }
    expect(new Set(emulators.map(({ env }) => env.IDENTITY_HEADER)).size).toBe(5);
    expect(emulators.map(({ journal }) => journal.list().length)).toEqual([1, 1, 1, 1, 1]);
    await Promise.all(emulators.map((emulator) => emulator.close()));
  });
});
