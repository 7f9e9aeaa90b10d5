// How long first calls take while nothing listens at the endpoint yet.
import { setTimeout } from "node:timers/promises";
import { type Credential, loadCredential, readInput, ready, report, storageScope } from "./contestant.ts";

const { module, options, instances, pollEveryInMs } = readInput() as {
  module: string;
  options?: object;
  instances: number;
  pollEveryInMs?: number;
};
const Credential = await loadCredential(module);
// Each on its own: what one has learnt does not end the pauses of another.
const credentials = Array.from({ length: instances }, () => new Credential(options));

async function poll(credential: Credential, everyInMs: number): Promise<void> {
  for (;;) {
    try {
      await credential.getToken(storageScope);
      return;
    } catch {
      await setTimeout(everyInMs);
    }
  }
}

async function call(credential: Credential): Promise<object> {
  const startedAt = Date.now();
  let gotToken = true;
  try {
    await (pollEveryInMs === undefined ? credential.getToken(storageScope) : poll(credential, pollEveryInMs));
  } catch {
    gotToken = false;
  }
  return { gotToken, startedAt, endedAt: Date.now() };
}

await ready();
report(await Promise.all(credentials.map(call)));
