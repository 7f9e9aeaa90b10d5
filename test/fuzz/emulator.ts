import { once } from "node:events";
import net from "node:net";
import { text as readText } from "node:stream/consumers";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import * as fc from "fast-check";
import { CanarySearch } from "../canaries.ts";
import { fail, inTime } from "./outcome.ts";
import { Tally, type Target } from "./target.ts";

const line = fc.string({ unit: "binary", maxLength: 30 }).map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "?"));
const encoded = fc.string({ unit: "binary", maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed()));

const parameter = fc.oneof(
  fc.constantFrom(
    ..."api-version=2019-08-01&resource=https://vault.azure.net&api-version=2017-09-01&resource=&client_id=".split("&"),
    ..."clientid=x&mi_res_id=/subscriptions/s&object_id=&principal_id=1&resource=%ff%00&%&=&__proto__=1".split("&"),
  ),
  fc.tuple(fc.constantFrom("resource", "client_id", "api-version", "__proto__"), encoded).map((pair) => pair.join("=")),
);
const controlPath = fc.constantFrom(
  ..."state,env,secret,journal,faults,faults/1,faults/hang,clock,reset,health,,..,../msi/token,__proto__,dashboard.js".split(
    ",",
  ),
  ..."%2e%2e/%2e%2e/package.json,constructor,faults/%00,journal?status=200,journal?status=x&path=%ff,index.html".split(
    ",",
  ),
);
const path = fc.oneof(
  { weight: 3, arbitrary: fc.array(parameter, { maxLength: 6 }).map((all) => `/msi/token?${all.join("&")}`) },
  { weight: 3, arbitrary: fc.constant("/msi/token?api-version=2019-08-01&resource=https://vault.azure.net") },
  { weight: 3, arbitrary: controlPath.map((rest) => `/_emulator/${rest}`) },
  fc.constantFrom(
    "/",
    "/.well-known/openid-configuration",
    "http://evil.test/",
    "*",
    "//evil.test/",
    "/_emulator",
    "/msi/token",
  ),
  encoded.map((text) => `/${text}`),
);

const settings = fc.dictionary(
  fc.constantFrom(
    ..."name,times,forInMs,resource,identity,status,retryAfterInSeconds,set,advance,freeze,resume,__proto__".split(","),
  ),
  fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom("status-503", "status", "html", "expired-token", "nothing"),
    fc.double(),
  ),
  { maxKeys: 4 },
);
const content = fc.oneof(
  { weight: 3, arbitrary: settings.map((value) => JSON.stringify(value)) },
  fc.constantFrom(
    "",
    "[]",
    "null",
    '{"name":',
    '{"__proto__":{"name":"hang"}}',
    `{"a":"${"x".repeat(40_000)}"}`,
    "[".repeat(15_000),
  ),
  line,
);

const request = fc.record({
  method: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("GET", "GET", "POST", "DELETE") },
    fc.constantFrom("HEAD", "PUT", "OPTIONS", "TRACE", "PATCH", "get", "FOO"),
  ),
  path,
  content,
  secret: fc.constantFrom<"right" | "wrong" | "none">("right", "right", "wrong", "none"),
  key: fc.constantFrom<"right" | "wrong" | "none">("right", "right", "wrong", "none"),
  host: fc.constantFrom("right", "right", "right", "right", "evil.test", ""),
  extra: fc.dictionary(
    fc.constantFrom("origin", "user-agent", "x-forwarded-for", "x-identity-header", "accept"),
    line,
    { maxKeys: 1 },
  ),
});
type Request = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

/** Every way in: the token endpoint, the control API, the page, whoever asks. */
export const emulator: Target = {
  name: "emulator",
  claim:
    "whatever is asked of the emulator, it answers, tells neither secret nor key nor token to who has no right to it, and goes on",
  quickRuns: 200,
  open: async () => {
    const outcomes = new Tally();
    const running = await startEmulator();
    return {
      outcomes,
      property: fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 3 }), async (requests) => {
        for (const one of requests) {
          // oxlint-disable-next-line no-await-in-loop -- what one request changes, the next one meets
          outcomes.count(await ask(one, running));
        }
        await running.reset();
        await checkHealth(running);
      }),
      [Symbol.asyncDispose]: () => running.close(),
    };
  },
};

/** Faults that lose the connection, or leave it open, by design. */
const loses = new Set(["reset", "truncated-body", "hang", "not-listening", "slow-headers", "slow-body"]);

async function ask(given: Request, running: Emulator): Promise<string> {
  const { IDENTITY_HEADER: secret = "", IDENTITY_ENDPOINT: endpoint = "" } = running.env;
  const key = new URLSearchParams(new URL(running.dashboardUrl).hash.slice(1)).get("key") ?? "";
  if (running.faults.armed().some(({ name }) => loses.has(name))) {
    running.faults.clear();
  }
  const answer = await inTime("The emulator", send(toText(given, { secret, key, endpoint }), endpoint));
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? fail(`No answer: ${answer.slice(0, 100)}`);
  const mayTell = given.key === "right" && given.path.startsWith("/_emulator/");
  const search = mayTell ? new CanarySearch(key) : new CanarySearch(key, secret);
  const told = search.find(answer);
  if (told !== undefined) {
    fail(`The emulator tells what it should not: ${told}`);
  }
  if (/"access_token":/.test(answer) && given.secret !== "right") {
    fail("The emulator gives a token to who has no secret.");
  }
  const journal = JSON.stringify(running.journal.list());
  const written = new CanarySearch(key, secret).find(journal) ?? /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(journal)?.[0];
  if (written !== undefined) {
    fail(`The journal holds what it should not: ${written}`);
  }
  return status;
}

function toText(given: Request, { secret, key, endpoint }: { secret: string; key: string; endpoint: string }): string {
  const { method, path: target, content: sent, extra } = given;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    given.host === "" ? "" : `host: ${given.host === "right" ? new URL(endpoint).host : given.host}`,
    given.secret === "none" ? "" : `x-identity-header: ${given.secret === "right" ? secret : "wrong"}`,
    given.key === "none" ? "" : `authorization: Bearer ${given.key === "right" ? key : "wrong"}`,
    ...Object.entries(extra).map(([name, value]) => `${name}: ${value}`),
    sent === "" ? "" : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(sent)}`,
    "connection: close",
  ];
  return `${lines.filter((one) => one !== "").join("\r\n")}\r\n\r\n${sent}`;
}

async function send(sent: string, endpoint: string): Promise<string> {
  const socket = net.connect(Number(new URL(endpoint).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(sent);
  const answered = await readText(socket.on("error", () => {})).catch((error: Error) => error.message);
  socket.destroy();
  return answered;
}

async function checkHealth({ url }: Emulator): Promise<void> {
  const { ok } = await inTime("The emulator", fetch(`${url}/_emulator/health`));
  if (!ok) {
    fail("The emulator is not well.");
  }
}
