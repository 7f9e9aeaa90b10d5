import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import type { VerifyToken } from "@appservice-msi/example-protected-api";
import type { JWTPayload } from "jose";
import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from "rhea";
import type { Platform } from "../platform.ts";

/** A message broker as Service Bus and Event Hubs are one: AMQP over TLS, a token for each entity, then messages. */
export interface AmqpService extends AsyncDisposable {
  /** For `customEndpointAddress`. */
  readonly endpoint: string;
  /** Each token that was taken: whose it is, and which entity it was for. */
  readonly claims: readonly { readonly entity: string; readonly caller: JWTPayload }[];
  /** What arrived and was not yet fetched. */
  readonly messages: readonly Message[];
  /** Forgets every token and closes every link, as Azure does when a token has expired, and waits for the clients to see it. */
  closeLinks(): Promise<void>;
}

/** Starts a broker on a free port of loopback that opens no link without a token for the entity at its end. */
export async function startAmqpService(platform: Platform, verify: VerifyToken): Promise<AmqpService> {
  const broker = new Broker(verify);
  const { key, certificate: cert } = platform.certificate;
  const server: Server = broker.container.listen({ port: 0, host: "127.0.0.1", transport: "tls", key, cert });
  await once(server, "listening");
  return {
    endpoint: `sb://localhost:${(server.address() as AddressInfo).port}`,
    claims: broker.claims,
    messages: broker.messages,
    closeLinks: () => broker.closeLinks(),
    [Symbol.asyncDispose]: async () => {
      broker.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Link = Receiver | Sender;

/** Where clients put their tokens: claims-based security, as Azure does it. */
const tokenNode = "$cbs";

class Broker {
  readonly container = rhea.create_container();
  readonly claims: { entity: string; caller: JWTPayload }[] = [];
  readonly messages: Message[] = [];
  readonly #verify: VerifyToken;
  readonly #connections = new Set<Connection>();
  /** Where to say how a token was found, by the name of the client's link. */
  readonly #answers = new Map<string, Sender>();
  readonly #admitted = new Set<string>();
  readonly #links = new Set<Link>();

  constructor(verify: VerifyToken) {
    this.#verify = verify;
    this.container.sasl_server_mechanisms.enable_anonymous();
    this.container.on("connection_open", ({ connection }: EventContext) => this.#connections.add(connection));
    this.container.on("sender_open", ({ sender }: EventContext) => this.#openSender(sender as Sender));
    this.container.on("receiver_open", ({ receiver }: EventContext) => this.#openReceiver(receiver as Receiver));
    this.container.on("message", (context: EventContext) => void this.#take(context));
    this.container.on("sendable", ({ sender }: EventContext) => this.#deliver(sender as Sender));
    for (const event of ["disconnected", "connection_error", "session_error", "error"]) {
      this.container.on(event, () => {}); // a client that leaves is no failure of the broker's
    }
  }

  async closeLinks(): Promise<void> {
    this.#admitted.clear();
    const closed = [...this.#links].map((link) => once(link, link.is_sender() ? "sender_close" : "receiver_close"));
    for (const link of this.#links) {
      link.close({ condition: "amqp:unauthorized-access", description: "ExpiredToken." });
    }
    this.#links.clear();
    await Promise.all(closed);
  }

  stop(): void {
    for (const connection of this.#connections) {
      connection.options.reconnect = false;
      connection.close();
    }
  }

  #admit(link: Link, address: string): void {
    if (address === tokenNode) {
      return;
    }
    if (this.#admitted.has(address)) {
      this.#links.add(link);
    } else {
      link.close({ condition: "amqp:unauthorized-access", description: `No token for ${address}.` });
    }
  }

  #openReceiver(receiver: Receiver): void {
    const { address } = receiver.target;
    receiver.set_target({ address });
    this.#admit(receiver, address);
  }

  #openSender(sender: Sender): void {
    const { address } = sender.source;
    sender.set_source({ address });
    this.#admit(sender, address);
    if (address === tokenNode) {
      this.#answers.set(sender.name, sender);
    }
  }

  async #take({ message, receiver, connection }: EventContext): Promise<void> {
    if (receiver?.target.address === tokenNode) {
      await this.#takeToken(message as Message);
    } else {
      this.messages.push(message as Message);
      connection.each_sender((sender: Sender) => this.#deliver(sender));
    }
  }

  async #takeToken({ body, application_properties: properties, message_id, reply_to }: Message): Promise<void> {
    const [status, description] = await this.#verify(String(body)).then(
      (caller) => {
        const entity = String(properties?.["name"]);
        this.claims.push({ entity, caller });
        this.#admitted.add(new URL(entity).pathname.slice(1));
        return [202, "Accepted"];
      },
      (error: Error) => [401, error.message],
    );
    const answer = { "status-code": status, "status-description": description };
    this.#answers.get(String(reply_to))?.send({
      to: reply_to,
      correlation_id: message_id,
      application_properties: answer,
      body: null,
    } as Message);
  }

  #deliver(sender: Sender): void {
    while (sender.source.address !== tokenNode && sender.sendable() && this.messages.length > 0) {
      sender.send(this.messages.shift() as Message);
    }
  }
}
