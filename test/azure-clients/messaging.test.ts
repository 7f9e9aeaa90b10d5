import { EventHubProducerClient } from "@azure/event-hubs";
import { ServiceBusClient } from "@azure/service-bus";
import { describe, expect, it } from "vitest";
import { expectOnPage } from "./clients-page.ts";
import { usePlatform } from "./platform.ts";
import { startAmqpService } from "./services/amqp-service.ts";

const platform = usePlatform();

describe("@azure/service-bus", () => {
  const namespace = "namespace.servicebus.windows.net";

  it("sends to a queue and receives from it with one token", async () => {
    await using service = await startAmqpService(platform, await platform.verifierFor("https://servicebus.azure.net"));
    const client = new ServiceBusClient(namespace, platform.credential, {
      customEndpointAddress: service.endpoint,
    });
    await client.createSender("orders").sendMessages({ body: "hello" });
    const receiver = client.createReceiver("orders", { receiveMode: "receiveAndDelete" });
    expect((await receiver.receiveMessages(1)).map(({ body }) => body as string)).toEqual(["hello"]);
    expect(service.claims).toMatchObject([
      { entity: `sb://${namespace}/orders`, caller: { oid: platform.emulator.identities.systemAssigned?.objectId } },
      { entity: `sb://${namespace}/orders` },
    ]);
    await client.close();
    expectOnPage("@azure/service-bus", { asked: platform.emulator.journal.list(), triedOn: "AMQP stand-in" });
  });

  it("is refused with a token for another resource", async () => {
    await using service = await startAmqpService(platform, await platform.verifierFor("https://servicebus.azure.net"));
    const elsewhere = { getToken: () => platform.credential.getToken("https://storage.azure.com/.default") };
    const client = new ServiceBusClient(namespace, elsewhere, {
      customEndpointAddress: service.endpoint,
      retryOptions: { maxRetries: 0 },
    });
    await expect(client.createSender("orders").sendMessages({ body: "hello" })).rejects.toThrow(
      'unexpected "aud" claim value',
    );
    await client.close();
    expect(service.claims).toEqual([]);
  });
});

describe("@azure/event-hubs", () => {
  it("sends events with one token", async () => {
    await using service = await startAmqpService(platform, await platform.verifierFor("https://eventhubs.azure.net"));
    const producer = new EventHubProducerClient("namespace.servicebus.windows.net", "clicks", platform.credential, {
      customEndpointAddress: service.endpoint,
    });
    await producer.sendBatch([{ body: "hello" }]);
    await producer.close();
    expect(service.messages).toHaveLength(1);
    expect(service.claims).toMatchObject([{ entity: "sb://namespace.servicebus.windows.net/clicks" }]);
    expectOnPage("@azure/event-hubs", { asked: platform.emulator.journal.list(), triedOn: "AMQP stand-in" });
  });

  it("opens a link that the service has closed anew, with a token for it", async () => {
    await using service = await startAmqpService(platform, await platform.verifierFor("https://eventhubs.azure.net"));
    const producer = new EventHubProducerClient("namespace.servicebus.windows.net", "clicks", platform.credential, {
      customEndpointAddress: service.endpoint,
    });
    await producer.sendBatch([{ body: "one" }]);
    await service.closeLinks();
    await producer.sendBatch([{ body: "two" }]);
    await producer.close();
    expect(service.messages).toHaveLength(2);
    expect(service.claims).toHaveLength(2);
  });
});
