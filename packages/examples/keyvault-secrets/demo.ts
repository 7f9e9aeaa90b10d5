// main.ts as it is, against a stand-in vault that checks tokens as a real one does: once as an identity that may read, once as one that may not.
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify, styleText } from "node:util";
import { makeLoopbackCertificate } from "@appservice-msi/example-azurite";
import { startEmulator } from "@appservice-msi/emulator";
import { startVault } from "./vault.ts";

const run = promisify(execFile);
const main = fileURLToPath(new URL("main.ts", import.meta.url));

const folder = await mkdtemp(join(tmpdir(), "vault-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
// An exit through these runs that handler; the default one does not.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
const caFile = join(folder, "certificate.pem");
const pems = await makeLoopbackCertificate();
await writeFile(caFile, pems.certificate);

await using emulator = await startEmulator();
const [reader] = emulator.identities.userAssigned;
const configuration = await fetch(new URL("/.well-known/openid-configuration", emulator.url));
const { jwks_uri: jwksUri } = (await configuration.json()) as { jwks_uri: string };
await using vault = await startVault({
  ...pems,
  jwksUri,
  tenantId: emulator.tenantId,
  secrets: { "database-password": "correct horse battery staple", "api-key": "0123456789abcdef" },
  readers: reader ? [reader.objectId] : [],
});
const { PORT: _, AZURE_CLIENT_ID: __, ...ours } = process.env;
const shared = { ...ours, ...emulator.env, KEY_VAULT_URL: vault.url, KEY_VAULT_CA_FILE: caFile };

const { stdout } = await run(process.execPath, [main], { env: { ...shared, AZURE_CLIENT_ID: reader?.clientId } });
console.log(`${styleText("green", "✓")} the user-assigned identity may read: ${stdout.trim()}`);
const refusal = await run(process.execPath, [main], { env: shared }).then(
  () => undefined,
  ({ stderr }: { stderr: string }) => /Forbidden/.exec(stderr)?.[0],
);
console.log(
  `${styleText(refusal ? "green" : "red", refusal ? "✓" : "✗")} the system-assigned identity may not: ${refusal}`,
);
process.exitCode = refusal ? 0 : 1;
for (const { resource, identity, status } of emulator.journal.list()) {
  console.log(`  the endpoint saw: ${resource} for ${identity.kind} → ${status}`);
}
