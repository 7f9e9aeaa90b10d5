// Lists the secrets of a vault and reads each, with a managed identity. Values are not printed: their lengths will do.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { SecretClient } from "@azure/keyvault-secrets";

const { KEY_VAULT_URL: vaultUrl, KEY_VAULT_CA_FILE: caFile, PORT: port } = process.env;
if (!vaultUrl) {
  throw new Error("Set KEY_VAULT_URL, for example to https://<vault>.vault.azure.net.");
}

// The identity is the system-assigned one, or the user-assigned one whose client id is in AZURE_CLIENT_ID.
const credential = new AppServiceMsiCredential();

// A stand-in on this machine has a certificate of its own, and no name under vault.azure.net to compare the challenge with.
const local = caFile && {
  tlsOptions: { ca: await readFile(caFile, "utf8") },
  disableChallengeResourceVerification: true,
};
const client = new SecretClient(vaultUrl, credential, { ...local });

async function readAll() {
  const secrets: Record<string, number> = {};
  for await (const { name } of client.listPropertiesOfSecrets()) {
    const { value } = await client.getSecret(name);
    secrets[name] = value?.length ?? 0;
  }
  return { lengths: secrets };
}

if (port) {
  createServer((_request, response) => {
    readAll().then(
      (result) => response.end(JSON.stringify(result)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  }).listen(port);
} else {
  console.log(JSON.stringify(await readAll()));
}
