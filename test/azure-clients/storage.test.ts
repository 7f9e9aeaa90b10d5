import { type Azurite, type AzuriteService, startAzurite } from "@appservice-msi/example-azurite";
import { TableClient } from "@azure/data-tables";
import {
  BlobClient,
  BlobSASPermissions,
  BlobServiceClient,
  generateBlobSASQueryParameters,
  RestError,
  SASProtocol,
} from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectOnPage } from "./clients-page.ts";
import { usePlatform } from "./platform.ts";

const platform = usePlatform();
const started: Azurite[] = [];
let azurite: Record<AzuriteService, Azurite>;

async function start(service: AzuriteService): Promise<Azurite> {
  const one = await startAzurite({ service, certificate: platform.certificate });
  started.push(one);
  return one;
}

beforeAll(async () => {
  const [blob, queue, table] = await Promise.all([start("blob"), start("queue"), start("table")]);
  azurite = { blob, queue, table };
}, 60_000);

// Also when one of them did not come up.
afterAll(() => Promise.all(started.map((service) => service.close())));

describe("@azure/storage-blob", () => {
  it("writes, lists and reads blobs with one token", async () => {
    const container = new BlobServiceClient(azurite.blob.url, platform.credential).getContainerClient("round-trip");
    await container.create();
    await container.getBlockBlobClient("hello.txt").upload("hello", 5);
    expect((await Array.fromAsync(container.listBlobsFlat())).map(({ name }) => name)).toEqual(["hello.txt"]);
    expect((await container.getBlobClient("hello.txt").downloadToBuffer()).toString()).toBe("hello");
    expectOnPage("@azure/storage-blob", { asked: platform.emulator.journal.list(), triedOn: "Azurite" });
  });

  it("gets a key for its identity, and a SAS made with it opens one blob for reading to whoever has it", async () => {
    const service = new BlobServiceClient(azurite.blob.url, platform.credential);
    const container = service.getContainerClient("delegated");
    await container.create();
    await container.getBlockBlobClient("hello.txt").upload("hello", 5);
    const [startsOn, expiresOn] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];

    const userDelegationKey = await service.getUserDelegationKey(startsOn, expiresOn);
    const sas = generateBlobSASQueryParameters(
      {
        containerName: "delegated",
        blobName: "hello.txt",
        permissions: BlobSASPermissions.parse("r"),
        protocol: SASProtocol.Https,
        startsOn,
        expiresOn,
      },
      userDelegationKey,
      service.accountName,
    );

    expect(userDelegationKey.signedObjectId).toBe(platform.emulator.identities.systemAssigned?.objectId);
    expect(userDelegationKey.signedTenantId).toBe(platform.emulator.tenantId);
    const withSas = new BlobClient(`${azurite.blob.url}/delegated/hello.txt?${sas.toString()}`);
    expect((await withSas.downloadToBuffer()).toString()).toBe("hello");
    await expect(withSas.delete()).rejects.toMatchObject({ statusCode: 403 });
    const forged = new BlobClient(withSas.url.replace(/sig=[^&]{8}/, "sig=AAAAAAAA"));
    await expect(forged.downloadToBuffer()).rejects.toMatchObject({ statusCode: 403 });
  });

  it("is refused with a token for another service", async () => {
    const elsewhere = { getToken: () => platform.credential.getToken("https://vault.azure.net/.default") };
    const failure = new BlobServiceClient(azurite.blob.url, elsewhere).getProperties();
    await expect(failure).rejects.toBeInstanceOf(RestError);
    await expect(failure).rejects.toMatchObject({ statusCode: 403 });
  });
});

describe("@azure/storage-queue", () => {
  it("sends, receives and deletes a message with one token", async () => {
    const queue = new QueueServiceClient(azurite.queue.url, platform.credential).getQueueClient("round-trip");
    await queue.create();
    await queue.sendMessage("hello");
    const { receivedMessageItems } = await queue.receiveMessages();
    expect(receivedMessageItems.map(({ messageText }) => messageText)).toEqual(["hello"]);
    for (const { messageId, popReceipt } of receivedMessageItems) {
      // oxlint-disable-next-line no-await-in-loop -- there is one
      await queue.deleteMessage(messageId, popReceipt);
    }
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
    expectOnPage("@azure/storage-queue", { asked: platform.emulator.journal.list(), triedOn: "Azurite" });
  });
});

describe("@azure/data-tables", () => {
  it("writes, queries and deletes an entity with one token", async () => {
    const table = new TableClient(azurite.table.url, "roundtrip", platform.credential);
    await table.createTable();
    await table.createEntity({ partitionKey: "a", rowKey: "1", greeting: "hello" });
    const found = await Array.fromAsync(table.listEntities<{ greeting: string }>());
    expect(found.map(({ greeting }) => greeting)).toEqual(["hello"]);
    await table.deleteEntity("a", "1");
    expect(await Array.fromAsync(table.listEntities())).toEqual([]);
    expectOnPage("@azure/data-tables", { asked: platform.emulator.journal.list(), triedOn: "Azurite" });
  });
});
