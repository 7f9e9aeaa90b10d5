// From nothing loaded to the first token: import, construct, ask.
import { loadCredential, readInput, report, storageScope } from "./contestant.ts";

const { module, beside } = readInput() as { module: string; beside?: string };
if (beside !== undefined) {
  await import(beside);
}
const start = performance.now();
const Credential = await loadCredential(module);
await new Credential().getToken(storageScope);
report(performance.now() - start);
