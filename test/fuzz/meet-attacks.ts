// Meets every attack of a hostile endpoint, in a process of its own, and says as JSON what came of it.
import { setTimeout as delay } from "node:timers/promises";
import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { canarySecret } from "../canaries.ts";
import { checkSecrecy, documentedOutcome } from "./outcome.ts";

const origin = process.argv[2] as string;
const names = JSON.parse(process.argv[3] as string) as string[];
const timeoutInMs = Number(process.argv[4]);

const stray: string[] = [];
process.on("unhandledRejection", (reason) => stray.push(String(reason)));
process.on("warning", (warning) => stray.push(String(warning)));

/** The most memory that was held, in bytes, since the last look. */
let peak = 0;
const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);

async function meet(name: string): Promise<{ name: string; outcome: string; tookInMs: number; grewInMb: number }> {
  const env = { IDENTITY_ENDPOINT: `${origin}/${encodeURIComponent(name)}`, IDENTITY_HEADER: canarySecret };
  const retryOptions = { maxRetries: 1, retryDelayInMs: 10 };
  const credential = new AppServiceMsiCredential({ env, timeoutInMs, attemptTimeoutInMs: timeoutInMs, retryOptions });
  const [begin, before] = [performance.now(), process.memoryUsage.rss()];
  peak = before;
  const outcome = await documentedOutcome(credential.getToken("https://storage.azure.com")).catch(String);
  const tookInMs = Math.round(performance.now() - begin);
  await delay(1);
  return {
    name,
    outcome,
    tookInMs,
    grewInMb: Math.round((Math.max(peak, process.memoryUsage.rss()) - before) / 2 ** 20),
  };
}

await meet("keep-alive, whoever asks for close"); // loads the network part
const results: unknown[] = [];
for (const name of names) {
  // oxlint-disable-next-line no-await-in-loop -- memory is measured for each
  results.push(await meet(name));
}
clearInterval(sampler);
await delay(50);
checkSecrecy("What was stray", stray.join("\n"));
console.log(JSON.stringify({ results, stray, rssInMb: Math.round(process.memoryUsage.rss() / 2 ** 20) }));
