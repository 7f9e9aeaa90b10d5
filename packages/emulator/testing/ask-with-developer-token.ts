// Run as a process of its own, whose PATH leads to a stand-in for `az`: asks an emulator that hands out the developer's
// tokens, and prints what came of it.
import { startEmulator } from "../src/index.ts";
import { ask } from "./ask.ts";

const emulator = await startEmulator({ tokensFrom: "azure-cli" });
const response = await ask(emulator.env, { client_id: "0b9a1c55-5cb4-4b5f-9d3e-0c5d3a0d6c11" });
const again = await ask(emulator.env);
const result = {
  status: response.status,
  body: await response.json(),
  again: await again.json(),
  entry: emulator.journal.list()[0],
};
await emulator.close();
process.stdout.write(JSON.stringify(result));
