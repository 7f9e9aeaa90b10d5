import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { AdjustableClock, type Clock } from "./clock.ts";
import { type EmulatorEnv, environmentOf } from "./environment.ts";
import { refuseForeign } from "./gate.ts";
import { type Host, hosts } from "./hosts.ts";
import { type Identities, systemAssignedIdentity } from "./identities.ts";
import { type Journal, RequestJournal } from "./journal.ts";
import { answerOpenId } from "./openid.ts";
import { type EmulatorOptions, type Settings, toSettings } from "./options.ts";
import { PlatformCache } from "./platform-cache.ts";
import { Secret } from "./secret.ts";
import { type Exchange, listen, type Listener, loopback } from "./server.ts";
import { answerToken } from "./token-exchange.ts";
import { TokenIssuer } from "./tokens.ts";

/** A running emulator. */
export interface Emulator {
  /** Its address: `http://127.0.0.1:<port>`. The token endpoint is in `env`. */
  readonly url: string;
  /**
   * The environment variables that the host sets for the app: spread them into a child's environment, or hand them to a
   * credential. One object for the emulator's whole life; its values follow `rotateSecret()`.
   */
  readonly env: EmulatorEnv;
  /** The identities of the emulated app. */
  readonly identities: Identities;
  /** What the emulator was asked. */
  readonly journal: Journal;
  /** The emulator's time: tokens, platform cache and faults follow it. */
  readonly clock: Clock;
  /** Replaces the secret, as the platform does now and then. The old one is refused from now on. */
  rotateSecret(): EmulatorEnv;
  /** Brings everything back to how it was at the start; address, keys and first secret stay. */
  reset(): Promise<void>;
  /** Stops listening and ends every connection. Closing twice is fine. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts an emulator of the App Service identity endpoint on 127.0.0.1.
 *
 * @throws TypeError for options that are wrong; Error when the port cannot be had.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = new RunningEmulator(toSettings(options));
  await emulator.start();
  return emulator;
}

class RunningEmulator implements Emulator {
  readonly identities: Identities;
  readonly journal: RequestJournal = new RequestJournal();
  readonly clock: AdjustableClock = new AdjustableClock();
  readonly env: EmulatorEnv = {};
  readonly #settings: Settings;
  readonly #host: Host;
  readonly #issuer: TokenIssuer;
  readonly #platformCache: PlatformCache;
  #secret: Secret;
  #listener: Listener | undefined;
  #closed: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#host = hosts[settings.host];
    this.#secret = new Secret(settings.secret);
    this.#issuer = new TokenIssuer(settings.tenantId, settings.tokenLifetimeInMs);
    this.#platformCache = new PlatformCache(this.#issuer);
    this.identities = {
      ...(settings.systemAssigned ? { systemAssigned: systemAssignedIdentity(this.#host.resourceType) } : {}),
      userAssigned: settings.userAssigned,
    };
  }

  async start(): Promise<void> {
    this.#listener = await listen((request) => this.#serve(request), this.#settings.port);
    this.#useSecret(this.#secret);
  }

  get url(): string {
    return `http://${loopback}:${this.#listener?.port}`;
  }

  rotateSecret(): EmulatorEnv {
    this.#useSecret(new Secret(randomUUID()));
    return this.env;
  }

  // oxlint-disable-next-line require-await -- a promise, as every other way to reach an emulator has to give one
  async reset(): Promise<void> {
    this.#platformCache.clear();
    this.journal.clear();
    this.clock.reset();
    this.#useSecret(new Secret(this.#settings.secret));
  }

  close(): Promise<void> {
    this.#closed ??= this.#stop();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #stop(): Promise<void> {
    this.journal.close();
    await this.#listener?.close();
  }

  #useSecret(secret: Secret): void {
    this.#secret = secret;
    Object.assign(this.env, environmentOf(this.#host, this.url, secret.reveal(), this.identities));
  }

  async #serve(request: IncomingMessage): Promise<Exchange> {
    const { url = "", headers } = request;
    const foreign = refuseForeign(headers, this.#listener?.port ?? 0);
    if (foreign) {
      return { outcome: foreign };
    }
    const origin = `http://${headers.host}`;
    const path = url.split("?", 1)[0] ?? "";
    const openId = await answerOpenId(path, origin, this.#settings.tenantId, this.#issuer);
    if (openId) {
      return { outcome: openId };
    }
    return answerToken(
      { method: request.method ?? "", url, origin, headers, correlationId: randomUUID() },
      {
        host: this.#host,
        identities: this.identities,
        secret: this.#secret,
        journal: this.journal,
        now: this.clock.now(),
        source: this.#settings.platformCache ? this.#platformCache : this.#issuer,
      },
    );
  }
}
