import { AppServiceMsiCredential } from "@appservice-msi/credential";
import { startEmulator } from "@appservice-msi/emulator";
import { createTokenVerifier } from "@appservice-msi/example-protected-api";
import { EventHubProducerClient } from "@azure/event-hubs";
import { ServiceBusClient } from "@azure/service-bus";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { expectOnPage } from "./clients-page.ts";
import { usePlatform } from "./platform.ts";
import { type AmqpService, startAmqpService } from "./services/amqp-service.ts";

const platform = usePlatform();
const namespace = "namespace.servicebus.windows.net";

describe("@azure/service-bus", () => {
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
    const producer = new EventHubProducerClient(namespace, "clicks", platform.credential, {
      customEndpointAddress: service.endpoint,
    });
    await producer.sendBatch([{ body: "hello" }]);
    await producer.close();
    expect(service.messages).toHaveLength(1);
    expect(service.claims).toMatchObject([{ entity: `sb://${namespace}/clicks` }]);
    expectOnPage("@azure/event-hubs", { asked: platform.emulator.journal.list(), triedOn: "AMQP stand-in" });
  });

  it("opens a link that the service has closed anew, with a token for it", async () => {
    await using service = await startAmqpService(platform, await platform.verifierFor("https://eventhubs.azure.net"));
    const producer = new EventHubProducerClient(namespace, "clicks", platform.credential, {
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

/** The token of each claim, by its id, once there are so many different ones. */
async function tokensOf(service: AmqpService, different: number): Promise<unknown[]> {
  const ids = () => service.claims.map(({ caller }) => caller["uti"]);
  await vi.waitFor(() => expect(new Set(ids()).size).toBe(different), { timeout: 10_000, interval: 20 });
  return ids();
}

describe("an open link whose token is 2 minutes from its end, in an app that asked for none since", () => {
  it("is renewed with the token at hand, and then with the next", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.spyOn(Math, "random").mockReturnValue(0.99); // a refresh is due early: after 82 s of the 121 s
    onTestFinished(() => void vi.useRealTimers().restoreAllMocks());
    await using emulator = await startEmulator({ tokenLifetimeInMs: 121_000 });
    const verify = await createTokenVerifier({
      configurationUrl: `${emulator.url}/.well-known/openid-configuration`,
      audience: ["https://servicebus.azure.net/", "https://eventhubs.azure.net/"],
    });
    const credentialOfItsOwn = () => new AppServiceMsiCredential({ env: emulator.env });
    await using busService = await startAmqpService(platform, verify);
    await using hubService = await startAmqpService(platform, verify);
    const bus = new ServiceBusClient(namespace, credentialOfItsOwn(), { customEndpointAddress: busService.endpoint });
    const hub = new EventHubProducerClient(namespace, "clicks", credentialOfItsOwn(), {
      customEndpointAddress: hubService.endpoint,
    });
    await bus.createSender("orders").sendMessages({ body: "hello" });
    await hub.sendBatch([{ body: "hello" }]);

    vi.setSystemTime(Date.now() + 88_000); // and both ask again in a second: 2 minutes before the end, as they think

    const [first, second] = await tokensOf(busService, 2);
    expect(second).toBe(first);
    const ofHub = await tokensOf(hubService, 2);
    expect(ofHub).toEqual([ofHub[0], ofHub[0], ofHub[2]]);
    await Promise.all([bus.close(), hub.close()]);
  });
});
