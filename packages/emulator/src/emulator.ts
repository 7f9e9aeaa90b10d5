import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ArmedFaults, type Faults } from "./armed-faults.ts";
import { AdjustableClock, type Clock } from "./clock.ts";
import { controlPath } from "./control.ts";
import { type EmulatorEnv, environmentOf } from "./environment.ts";
import { hosts, type HostName } from "./hosts.ts";
import { type Identities, listIdentities, systemAssignedIdentity } from "./identities.ts";
import { type Journal, RequestJournal, type TokenOrigin } from "./journal.ts";
import { Listeners } from "./listeners.ts";
import { ListeningSchedule } from "./listening-schedule.ts";
import { type EmulatorOptions, type Settings, toSettings } from "./options.ts";
import { openDeveloperTokens } from "./pass-through.ts";
import { PlatformCache } from "./platform-cache.ts";
import { route } from "./routing.ts";
import { Secret } from "./secret.ts";
import { Listener, loopback } from "./listener.ts";
import { type TokenSource, TokenIssuer } from "./tokens.ts";

/** A running emulator. */
export interface Emulator {
  /** Its address: `http://127.0.0.1:<port>`. The token endpoint is in `env`. */
  readonly url: string;
  /** The page to watch and steer it with. The address carries the key to the control API: keep it to yourself. */
  readonly dashboardUrl: string;
  /** Which Azure service it plays. */
  readonly host: HostName;
  /**
   * The environment variables that the host sets for the app: spread them into a child's environment, or hand them to a
   * credential. One object for the emulator's whole life; its values follow `rotateSecret()`.
   */
  readonly env: EmulatorEnv;
  /** The identities of the emulated app. */
  readonly identities: Identities;
  readonly tenantId: string;
  /** Where the tokens come from: `"emulator"`, unless they are the developer's own. */
  readonly tokensFrom: TokenOrigin;
  /** What the emulator was asked. */
  readonly journal: Journal;
  /** What can go wrong, on demand. */
  readonly faults: Faults;
  /** The emulator's time: tokens, platform cache and faults follow it. */
  readonly clock: Clock;
  /** Replaces the secret, as the platform does now and then, and returns `env`. The old one is refused from now on. */
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
 * @throws TypeError for options that are wrong; Error when the port cannot be had, or `tokensFrom` lacks its package.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = toSettings(options);
  const { tokensFrom } = settings;
  const developerTokens = tokensFrom === "emulator" ? undefined : await openDeveloperTokens(tokensFrom);
  const emulator = new RunningEmulator(settings, developerTokens);
  await emulator.start();
  return emulator;
}

class RunningEmulator implements Emulator {
  readonly host: HostName;
  readonly identities: Identities;
  readonly tenantId: string;
  readonly tokensFrom: TokenOrigin;
  readonly env: EmulatorEnv = {};
  readonly journal: RequestJournal;
  readonly faults: ArmedFaults;
  readonly clock: AdjustableClock;
  readonly #settings: Settings;
  readonly #key = new Secret(randomBytes(24).toString("base64url"));
  readonly #changes = new Listeners<"state" | "journal">();
  readonly #issuer: TokenIssuer;
  readonly #platformCache: PlatformCache;
  readonly #source: TokenSource;
  #secret: Secret;
  readonly #listener: Listener;
  readonly #schedule: ListeningSchedule;
  #closed: Promise<void> | undefined;

  constructor(settings: Settings, developerTokens: TokenSource | undefined) {
    const { host, systemAssigned, userAssigned, secret, tenantId, tokensFrom } = settings;
    const onChange = (): void => this.#changed();
    this.#settings = settings;
    this.#secret = new Secret(secret);
    this.#issuer = new TokenIssuer(tenantId, settings.tokenLifetimeInMs);
    this.#platformCache = new PlatformCache(developerTokens ?? this.#issuer);
    this.#source = settings.platformCache ? this.#platformCache : (developerTokens ?? this.#issuer);
    this.host = host;
    this.tenantId = tenantId;
    this.tokensFrom = tokensFrom;
    this.identities = {
      ...(systemAssigned ? { systemAssigned: systemAssignedIdentity(hosts[host].resourceType) } : {}),
      userAssigned,
    };
    this.clock = new AdjustableClock(onChange);
    this.faults = new ArmedFaults(
      this.clock,
      tokensFrom === "emulator" ? listIdentities(this.identities) : undefined,
      onChange,
    );
    this.journal = new RequestJournal(() => this.#changes.tell("journal"));
    this.#listener = new Listener((request) => this.#serve(request), settings.port);
    this.#schedule = new ListeningSchedule(this.#listener, this.clock, () => this.faults.silentUntil());
  }

  async start(): Promise<void> {
    await this.#listener.open();
    this.#useSecret(this.#secret);
    if (this.tokensFrom === "emulator") {
      this.#issuer.prepare();
    }
  }

  get url(): string {
    return `http://${loopback}:${this.#listener.port}`;
  }

  get dashboardUrl(): string {
    return `${this.url}${controlPath}#key=${this.#key.reveal()}`;
  }

  rotateSecret(): EmulatorEnv {
    this.#useSecret(new Secret(randomUUID()));
    return this.env;
  }

  // oxlint-disable-next-line require-await -- a promise, so that it is the same from near and from far
  async reset(): Promise<void> {
    this.#platformCache.clear();
    this.clock.reset();
    this.faults.clear();
    this.journal.clear();
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
    this.#changes.clear();
    this.#schedule.stop();
    this.journal.close();
    await this.#listener.close();
  }

  #changed(): void {
    this.#schedule.follow();
    this.#changes.tell("state");
  }

  #useSecret(secret: Secret): void {
    this.#secret = secret;
    Object.assign(this.env, environmentOf(hosts[this.host], this.url, secret.reveal(), this.identities));
    this.#changed();
  }

  #serve(request: IncomingMessage): ReturnType<typeof route> {
    const { identities, tokensFrom, faults, journal, clock } = this;
    return route(request, {
      port: this.#listener.port,
      tenantId: this.tenantId,
      issuer: this.#issuer,
      controlled: { emulator: this, key: this.#key, changes: this.#changes },
      tokens: {
        site: () => ({
          host: hosts[this.host],
          identities,
          secret: this.#secret,
          anyIdentity: tokensFrom !== "emulator",
        }),
        rotateSecret: () => void this.rotateSecret(),
        now: () => clock.now(),
        source: this.#source,
        tokensFrom,
        faults,
        journal,
      },
    });
  }
}
