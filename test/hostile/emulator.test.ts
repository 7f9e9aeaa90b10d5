import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let emulator: Emulator;
/** What went wrong inside: the emulator warns of a mistake of its own, and ends the connection. */
const warnings: Error[] = [];
const collect = (warning: Error): void => void warnings.push(warning);

beforeAll(async () => {
  process.on("warning", collect);
  emulator = await startEmulator();
});

afterAll(async () => {
  process.off("warning", collect);
  await emulator.close();
});

/** Sends bytes, and gives the status of what comes back. */
async function send(head: string, body = ""): Promise<number> {
  const { host, port } = new URL(emulator.url);
  const length = Buffer.byteLength(body);
  const socket = connect(Number(port), "127.0.0.1", () => {
    socket.write(`${head}\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`, "latin1");
    socket.write(body);
  });
  // The connection that is cut by a fault, or by a server that has no more to say, is no answer.
  socket.on("error", () => {});
  const answer = await text(socket).catch(() => "");
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}

const key = (): string => new URL(emulator.dashboardUrl).hash.slice("#key=".length);

const meaningful =
  `api-version resource client_id clientid object_id principal_id mi_res_id name times forInMs identity set
  advance freeze resume hang status 2019-08-01 2017-09-01 https://vault.azure.net __proto__ constructor toString null NaN -1
  1e400 ${"9".repeat(400)}`.split(/\s+/);
/** Words that mean something to the emulator or to JavaScript, and text that means nothing to anybody. */
const words = fc.oneof(fc.constantFrom(...meaningful), fc.string({ unit: "binary", maxLength: 40 }));
/** Anything that may stand in a line of HTTP. */
const lines = fc.string({ unit: "grapheme", maxLength: 60 }).map((line) => line.replaceAll(/[\r\n]/g, ""));
const targets = fc.oneof(
  fc.constantFrom("/msi/token", "/MSI/token/", "/", "/discovery/keys", "/.well-known/openid-configuration"),
  lines.map((line) => `/${line.replaceAll(/[\s#]/g, "")}`),
);
const pairs = fc.array(fc.tuple(words, words, fc.boolean()), { maxLength: 6 });

function toQuery(parameters: readonly (readonly [string, string, boolean])[]): string {
  return parameters
    .map(([name, value, encoded]) =>
      encoded
        ? `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`
        : `${name}=${value}`.replaceAll(/[\s#\0]/g, "%"),
    )
    .join("&");
}

describe("the emulator, whatever it is sent,", () => {
  it("answers at the token endpoint with 4xx, or as the host would, and makes no mistake of its own", async () => {
    const property = fc.asyncProperty(targets, pairs, lines, lines, async (target, parameters, name, value) => {
      const secret = `X-IDENTITY-HEADER: ${emulator.env.IDENTITY_HEADER}`;
      const status = await send(`GET ${target}?${toQuery(parameters)} HTTP/1.1\r\n${secret}\r\nX-${name}: ${value}`);
      // 500 is what App Service makes of a scope or a host name for a resource.
      const wrongResource = status === 500 && emulator.journal.list().at(-1)?.refusal === "wrong-resource";
      expect(status === 200 || (status >= 400 && status < 500) || wrongResource, String(status)).toBe(true);
      expect(warnings).toEqual([]);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it("answers at the control API with 2xx or 4xx, and makes no mistake of its own", async () => {
    const values = fc.oneof(
      words,
      fc.double(),
      fc.maxSafeInteger(),
      fc.constantFrom(8.64e15, -8.64e15),
      fc.jsonValue(),
    );
    const bodies = fc.oneof(
      fc.dictionary(words, values, { maxKeys: 4 }).map((body) => JSON.stringify(body)),
      values.map((value) => JSON.stringify({ set: value })),
      values.map((value) => JSON.stringify({ freeze: value })),
      values.map((value) => JSON.stringify({ advance: value })),
      fc
        .tuple(fc.constantFrom("short-token", "odd-expiry", "hang", "outage", "status"), words, values)
        .map(([name, option, value]) => JSON.stringify({ name, [option]: value, times: 1 })),
      lines,
    );
    const paths = fc.constantFrom(
      "faults",
      "clock",
      "journal",
      "env",
      "state",
      "secret",
      "faults/1",
      "faults/__proto__",
    );
    const verbs = fc.constantFrom("GET", "POST", "DELETE", "PUT");
    const property = fc.asyncProperty(verbs, paths, pairs, bodies, async (verb, path, parameters, body) => {
      const head = `${verb} /_emulator/${path}?${toQuery(parameters)} HTTP/1.1`;
      const status = await send(`${head}\r\nAuthorization: Bearer ${key()}\r\nContent-Type: application/json`, body);
      expect(Math.trunc(status / 100) === 2 || Math.trunc(status / 100) === 4, String(status)).toBe(true);
      // Whatever clock and faults are like now, there is an answer to whoever asks for a token.
      emulator.faults.clear("hang");
      emulator.faults.clear("not-listening");
      const asked = await send(
        `GET /msi/token?api-version=2019-08-01&resource=https://vault.azure.net HTTP/1.1\r\nX-IDENTITY-HEADER: ${emulator.env.IDENTITY_HEADER}`,
      );
      expect(asked).toBeGreaterThanOrEqual(200);
      expect(warnings).toEqual([]);
      await emulator.reset();
    });
    await fc.assert(property, { numRuns: 300 });
  });
});
