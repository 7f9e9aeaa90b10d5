// From nothing loaded, or nothing but another client, to the first token: import, construct, ask.
import { setTimeout } from "node:timers/promises";
import { loadCredential, measureDuration, readInput, report, storageScope } from "./contestant.ts";

/** The storage client compiles WebAssembly behind its import: whoever comes next shall not be charged for that. */
const settleInMs = 100;

const clients = {
  storage: () => import("@azure/storage-blob"),
  keyVault: () => import("@azure/keyvault-secrets"),
};

const { module, beside } = readInput() as { module: string; beside?: keyof typeof clients };
if (beside !== undefined) {
  await clients[beside]();
  await setTimeout(settleInMs);
}
report(
  await measureDuration(async () => {
    const Credential = await loadCredential(module);
    await new Credential().getToken(storageScope);
  }),
);
