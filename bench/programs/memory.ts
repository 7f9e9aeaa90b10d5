// Bytes that stay in use after the first token, and after tokens for many resources. Needs --expose-gc.
import { setTimeout } from "node:timers/promises";
import { loadCredential, readInput, report } from "./contestant.ts";

const { module, resources } = readInput() as { module: string; resources: number };

/** What is still in use when everything that can go has gone. */
async function measure(): Promise<{ heap: number; resident: number }> {
  for (let pass = 0; pass < 4; pass += 1) {
    await setTimeout(25);
    globalThis.gc?.();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

const before = await measure();
const credential = new (await loadCredential(module))();
await credential.getToken("https://resource.example.net/.default");
const afterFirst = await measure();

async function getTokens(name: string, count: number): Promise<number> {
  let bytes = 0;
  for (let index = 0; index < count; index += 1) {
    // Characters of a token are ASCII: a byte each.
    bytes += (await credential.getToken(`https://${name}-${index}.example.net/.default`)).token.length;
  }
  return bytes;
}

await getTokens("warm-up", 100); // code compiled on the way would look like memory of the first resources
const beforeAll = await measure();
const tokenBytes = await getTokens("resource", resources);
const afterAll = await measure();
report({
  heapAfterFirst: afterFirst.heap - before.heap,
  residentAfterFirst: afterFirst.resident - before.resident,
  perResource: (afterAll.heap - beforeAll.heap - tokenBytes) / resources,
});
