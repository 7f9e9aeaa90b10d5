// From nothing loaded, or nothing but another client, to the first token: import, construct, ask.
import { loadCredential, readInput, report, storageScope } from "./contestant.ts";

const clients = {
  storage: () => import("@azure/storage-blob"),
  keyVault: () => import("@azure/keyvault-secrets"),
};

const { module, beside } = readInput() as { module: string; beside?: keyof typeof clients };
if (beside !== undefined) {
  await clients[beside]();
}
const start = performance.now();
const Credential = await loadCredential(module);
await new Credential().getToken(storageScope);
report(performance.now() - start);
