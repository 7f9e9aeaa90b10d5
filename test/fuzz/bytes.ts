import { AppServiceMsiCredential } from "@appservice-msi/credential";
import * as fc from "fast-check";
import { canarySecret } from "../canaries.ts";
import { body, headers, status, tokenAnswer } from "./arbitraries.ts";
import { type Attack, startHostileEndpoint } from "./hostile-endpoint.ts";
import { documentedOutcome, fail } from "./outcome.ts";
import { Tally, type Target } from "./target.ts";

const statusLine = fc.oneof(
  { weight: 5, arbitrary: status.map((code) => `HTTP/1.1 ${code} Whatever\r\n`) },
  fc.constantFrom(
    "HTTP/1.0 200 OK\r\n",
    "HTTP/2 200\r\n",
    "HTTP/1.1 200\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "\r\n",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const framing = fc.constantFrom(
  ..."|transfer-encoding: chunked|transfer-encoding: gzip, chunked|content-length: 0|content-length: 5".split("|"),
  ..."content-length: 99999999999999999999|connection: keep-alive|connection: upgrade|content-encoding: gzip".split(
    "|",
  ),
  "a:b:c",
  ": no name",
  " folded",
  "content-length: 1\r\ncontent-length: 2",
);
const message = fc
  .record({ start: statusLine, fields: headers, frame: framing, content: fc.oneof(body, tokenAnswer) })
  .map(({ start, fields, frame, content }) => {
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
    const head = `${start}${frame}`;
    const rest = [...lines.map((line) => `\r\n${line}`), "\r\n\r\n", content].join("");
    return { whole: Buffer.from(`${head}${rest}`), headLength: head.length };
  });

const run = fc.record({
  message,
  /** Bytes of the head that are turned into others on the way: a damaged secret would be another text. */
  damage: fc.array(fc.tuple(fc.nat(80), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
  cutAt: fc.oneof({ weight: 3, arbitrary: fc.constant(Infinity) }, fc.nat(400)),
  ending: fc.constantFrom("end", "end", "reset", "leave open"),
});
type Run = typeof run extends fc.Arbitrary<infer Value> ? Value : never;

function attackOf({ message: { whole, headLength }, damage, cutAt, ending }: Run): Attack {
  const sent = Buffer.from(whole.subarray(0, cutAt));
  damage.filter(([at]) => at < Math.min(headLength, sent.length)).forEach(([at, byte]) => (sent[at] = byte));
  return (socket) => {
    socket.write(sent, () => {
      if (ending === "reset") {
        socket.resetAndDestroy();
      } else if (ending === "end") {
        socket.end();
      }
    });
  };
}

/** What comes over a real socket. */
export const bytes: Target = {
  name: "bytes",
  claim:
    "whatever bytes come over the socket, whole or damaged, a call ends in time with a token or a documented error",
  quickRuns: 100,
  open: async () => {
    const outcomes = new Tally();
    let attack: Attack | undefined;
    const endpoint = await startHostileEndpoint((_path) => attack ?? fail("Nothing was prepared."));
    const env = { IDENTITY_ENDPOINT: `${endpoint.origin}/msi/token`, IDENTITY_HEADER: canarySecret };
    return {
      outcomes,
      property: fc.asyncProperty(run, async (given) => {
        attack = attackOf(given);
        const retryOptions = { maxRetries: 0 };
        const credential = new AppServiceMsiCredential({ env, timeoutInMs: 60, attemptTimeoutInMs: 40, retryOptions });
        outcomes.count(await documentedOutcome(credential.getToken("https://storage.azure.com")));
      }),
      [Symbol.asyncDispose]: () => endpoint[Symbol.asyncDispose](),
    };
  },
};
