// Inside the workspace alone: what is published has no such entries.
import { nextTry, refreshPoint } from "@appservice-msi/credential/src/refresh.ts";
import { pauseInMs } from "@appservice-msi/credential/src/retry.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** A fleet, deployed in one second, whose callers never rest: each refresh begins at the moment it is due. */
export interface Fleet {
  readonly instances: number;
  readonly workers: number;
  readonly resources: number;
  readonly forInMs: number;
  readonly jitter: boolean;
  readonly platform: Platform;
  readonly random: () => number;
}

/** What is behind the endpoints. Times are in milliseconds since the deployment. */
export interface Platform {
  /** When the token ends that is handed out at a time; `undefined` while there is none to be had. */
  expiryAt(now: number): number | undefined;
}

const tokenLifetimeInMs = 24 * hour;

/** Each request brings a new token. */
export const alwaysNew: Platform = { expiryAt: (now) => now + tokenLifetimeInMs };

/** One token for all, until 5 minutes before its end, as the emulator has it. */
export const cached: Platform = {
  expiryAt: (now) => now - (now % (tokenLifetimeInMs - 5 * minute)) + tokenLifetimeInMs,
};

/** Each request brings a new token, but for two hours there is none, when half of the first token's life is over. */
export const away: Platform = {
  expiryAt: (now) => (now >= 11 * hour && now < 13 * hour ? undefined : now + tokenLifetimeInMs),
};

/** What `retryOptions` are by default. */
const retries = { maxRetries: 5, retryDelayInMs: 200, maxRetryDelayInMs: 5_000 };

/** How many requests the endpoints get in each second. */
export function countRequests({ instances, workers, resources, forInMs, ...how }: Fleet): Uint32Array {
  const counts = new Uint32Array(Math.ceil(forInMs / second));
  for (let key = 0; key < instances * workers * resources; key += 1) {
    askOn(counts, how);
  }
  return counts;
}

/** All requests for one token of one worker. */
function askOn(counts: Uint32Array, { jitter, platform, random }: Pick<Fleet, "jitter" | "platform" | "random">): void {
  const chance = jitter ? random : () => 0;
  let now = Math.floor(random() * second);
  let expiresOn = 0;
  let failures = 0;
  while (now < counts.length * second) {
    counts[Math.floor(now / second)] = (counts[Math.floor(now / second)] ?? 0) + 1;
    const expiry = platform.expiryAt(now);
    if (expiry !== undefined) {
      [expiresOn, failures] = [expiry, 0];
      now = refreshPoint(now, expiresOn, chance());
    } else if (failures % (retries.maxRetries + 1) < retries.maxRetries) {
      now += pauseInMs(failures % (retries.maxRetries + 1), retries, jitter ? random() : 1);
      failures += 1;
    } else {
      failures += 1;
      now = nextTry(now, expiresOn, failures / (retries.maxRetries + 1), chance());
    }
  }
}
