// node peer-program.ts <a transcript as JSON>: asks @azure/identity what the transcript asks, with the transcript's variables and
// answers, and prints what it asked and what came of it. In a process of its own, because it keeps what it learns for good.
import FakeTimers from "@sinonjs/fake-timers";
import nock from "nock";
import { canonical } from "./canonical.ts";
import type { PeerResult } from "./peer.ts";
import { fill, unfill } from "./stand-ins.ts";
import type { Call, Exchange } from "./transcript.ts";

/** Several times as many as an answer was seen to need. */
const turnsPerAnswer = 20;

/** So many turns without a timer, and it waits for something that does not come. */
const patienceInTurns = 2000;

const transcript = JSON.parse(process.argv[2] ?? "") as Call;
const origins = Object.values(transcript.env).flatMap((value) => (URL.canParse(value) ? [new URL(value).origin] : []));
const exchanges = transcript.exchanges.flatMap((exchange) => Array<Exchange>(exchange.times).fill(exchange));
const requests: string[] = [];

/** Answers the requests in turn, as the transcript has it; when it has no more, the last answer stands for the rest. */
async function play(request: Request): Promise<nock.ReplyFnResult> {
  const { exchange, here } = { exchange: exchanges[requests.length] ?? exchanges.at(-1), here: whereTo(request.url) };
  requests.push(here + canonical(request.method, request.url, Object.fromEntries(request.headers)));
  if (exchange === undefined || here !== "") {
    throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  }
  Object.assign(process.env, fill(exchange.sets ?? {}));
  const { response } = exchange;
  if (response === "reset") {
    throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  }
  const { status, headers, json, text = "" } = fill(response);
  const there = Object.entries(headers).filter((header): header is [string, string] => header[1] !== null);
  return [status, json === undefined ? text : JSON.stringify(json), Object.fromEntries(there)];
}

/** The origin of a request that goes somewhere else than the transcript's variables say. */
function whereTo(url: string): string {
  const { origin } = new URL(url);
  return origins.includes(origin) ? "" : `${origin} `;
}

async function ask(): Promise<PeerResult["outcome"]> {
  const { ManagedIdentityCredential } = await import("@azure/identity");
  try {
    const { scopes, options } = transcript.call;
    const credential = new ManagedIdentityCredential({ ...options } as { clientId: string });
    const { token, expiresOnTimestamp } = await credential.getToken(scopes);
    const expiresOn = Number.isFinite(expiresOnTimestamp) ? new Date(expiresOnTimestamp).toISOString() : "never";
    return { token: unfill(token), expiresOn: expiresOn.replace(".000Z", "Z") };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: name, message: unfill(message) };
  }
}

/** Waits in virtual time: whenever nothing is being answered, the next timer is due. */
async function inVirtualTime<T>(promise: Promise<T>): Promise<T | "waits for ever"> {
  let settled: { readonly value: T } | undefined;
  void promise.then((value) => (settled = { value }));
  for (let idle = 0; idle < patienceInTurns;) {
    // oxlint-disable-next-line no-await-in-loop -- turn after turn is the point
    for (let turn = 0; turn < turnsPerAnswer; turn += 1) await new Promise((resolve) => realSetImmediate(resolve));
    if (settled !== undefined) {
      return settled.value;
    }
    idle = clock.countTimers() === 0 ? idle + turnsPerAnswer : 0;
    // oxlint-disable-next-line no-await-in-loop -- turn after turn is the point
    await clock.nextAsync();
  }
  return "waits for ever";
}

// Of its pauses one half is chance, and the second in which an answer comes decides the expiry that it gives.
Math.random = () => 0.5;

const realSetImmediate = setImmediate;
await import("@azure/identity"); // so that no file is read in virtual time
nock.disableNetConnect();
for (const method of ["GET", "POST"]) {
  nock(/.*/)
    .persist()
    .intercept(() => true, method)
    .reply(play);
}
const clock = FakeTimers.install({ now: Date.parse(transcript.now), toFake: ["Date", "setTimeout", "clearTimeout"] });
const outcome = await inVirtualTime(ask());
process.stdout.write(JSON.stringify({ requests, outcome } satisfies PeerResult), () => process.exit());
