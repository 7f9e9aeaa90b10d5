// main.ts as it is, called with the tokens of two identities, of which one may call it, and with tokens that are not for it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { startEmulator } from "@appservice-msi/emulator";

const audience = "api://hello";
await using emulator = await startEmulator();
const [other] = emulator.identities.userAssigned;
const { PORT: _, ...ours } = process.env;
const child = spawn(process.execPath, [fileURLToPath(new URL("main.ts", import.meta.url))], {
  env: {
    ...ours,
    OPENID_CONFIGURATION_URL: `${emulator.url}/.well-known/openid-configuration`,
    API_AUDIENCE: audience,
    ALLOWED_CALLERS: emulator.identities.systemAssigned?.objectId,
  },
  stdio: ["ignore", "pipe", "inherit"],
});
process.once("exit", () => child.kill());
// An exit through these runs that handler; the default one does not.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

try {
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { port } = JSON.parse(line) as { port: number };
  const one = new AppServiceMsiCredential({ env: emulator.env });
  const another = new AppServiceMsiCredential(other?.clientId ?? "", { env: emulator.env });

  await call(port, 200, "the identity that may call", await one.getToken(`${audience}/.default`));
  await call(port, 403, "another identity", await another.getToken(`${audience}/.default`));
  await call(port, 401, "a token for storage", await one.getToken("https://storage.azure.com/.default"));
  await call(port, 401, "no token");
} finally {
  child.kill();
}

async function call(port: number, expected: number, who: string, credential?: { token: string }): Promise<void> {
  const headers = credential && { authorization: `Bearer ${credential.token}` };
  const response = await fetch(`http://127.0.0.1:${port}/`, { ...(headers && { headers }) });
  const as = response.status === expected;
  const detail = response.headers.get("www-authenticate") ?? (await response.text());
  console.log(`${styleText(as ? "green" : "red", as ? "✓" : "✗")} ${who}: ${response.status} ${detail}`);
  process.exitCode ||= as ? 0 : 1;
}
