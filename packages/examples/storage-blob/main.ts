// Writes a blob, finds it in the list, reads it back: with a managed identity, and nothing secret anywhere.
// On App Service it answers each HTTP request with a round trip; elsewhere it makes one and prints it.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { BlobServiceClient, type BlobServiceClientOptions } from "@azure/storage-blob";

const { STORAGE_ACCOUNT_URL: accountUrl, STORAGE_CA_FILE: caFile, PORT: port } = process.env;
if (!accountUrl) {
  throw new Error("Set STORAGE_ACCOUNT_URL, for example to https://<account>.blob.core.windows.net.");
}

// The identity is the system-assigned one, or the user-assigned one whose client id is in AZURE_CLIENT_ID.
const credential = new AppServiceMsiCredential();

// A storage emulator has a certificate that only its own machine knows; Azure's needs no such file.
// (The client hands `tlsOptions` on to the Azure SDK's pipeline; only its type does not mention them.)
const tlsOptions = { ...(caFile && { ca: await readFile(caFile, "utf8") }) };
const options: BlobServiceClientOptions & { tlsOptions: object } = { tlsOptions };
const container = new BlobServiceClient(accountUrl, credential, options).getContainerClient("managed-identity");

async function roundTrip() {
  await container.createIfNotExists();
  const blob = container.getBlockBlobClient(`hello-${Date.now()}.txt`);
  await blob.uploadData(Buffer.from("Hello from a managed identity"));
  const listed: string[] = [];
  for await (const { name } of container.listBlobsFlat()) {
    listed.push(name);
  }
  const text = (await blob.downloadToBuffer()).toString();
  return { uploaded: blob.name, listed: listed.includes(blob.name), downloaded: text };
}

if (port) {
  createServer((_request, response) => {
    const reply = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    roundTrip().then(
      (result) => reply(200, result),
      (error: Error) => reply(500, { error: error.message }),
    );
  }).listen(port);
} else {
  console.log(JSON.stringify(await roundTrip()));
}
