import { AppServiceMsiCredential, type AppServiceMsiErrorCode } from "@appservice-msi/credential";
import { type Emulator, type FaultName, startEmulator } from "@appservice-msi/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

const storage = "https://storage.azure.com/.default";

/** What comes of a fault: when it is met once, and when it stays. */
interface Row {
  readonly once: "token" | AppServiceMsiErrorCode;
  readonly always: "token" | AppServiceMsiErrorCode;
}

const token: Row = { once: "token", always: "token" };
const overcome = (always: AppServiceMsiErrorCode): Row => ({ once: "token", always });
const final = (code: AppServiceMsiErrorCode): Row => ({ once: code, always: code });

const rows: Readonly<Record<FaultName, Row>> = {
  status: overcome("SERVICE_FAILED"),
  "status-404": overcome("REJECTED"),
  "status-429": overcome("THROTTLED"),
  "status-500": overcome("SERVICE_FAILED"),
  "status-502": overcome("SERVICE_FAILED"),
  "status-503": overcome("SERVICE_FAILED"),
  "status-504": overcome("SERVICE_FAILED"),
  outage: overcome("SERVICE_FAILED"),
  "not-listening": overcome("UNREACHABLE"),
  "slow-headers": overcome("TIMEOUT"),
  "slow-body": overcome("TIMEOUT"),
  hang: overcome("TIMEOUT"),
  reset: overcome("UNREACHABLE"),
  "truncated-body": overcome("INVALID_RESPONSE"),
  html: final("INVALID_RESPONSE"),
  empty: final("INVALID_RESPONSE"),
  "malformed-json": overcome("INVALID_RESPONSE"),
  null: final("INVALID_RESPONSE"),
  "missing-token": final("INVALID_RESPONSE"),
  "not-bearer": final("INVALID_RESPONSE"),
  "expired-token": overcome("INVALID_RESPONSE"),
  "short-token": token,
  "missing-expiry": final("INVALID_RESPONSE"),
  "odd-expiry": token,
  "wrong-identity": final("IDENTITY_MISMATCH"),
  "unsupported-api-version": token,
  "secret-rotated": { once: "token", always: "UNAUTHORIZED" },
};

/** Faults that are met for a time, not for a number of requests. */
const timed: ReadonlySet<string> = new Set(["not-listening"]);

/** Faults that an attempt has to be given up for. */
const slow: ReadonlySet<string> = new Set(["slow-headers", "slow-body", "hang"]);

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ platformCache: false });
});
afterEach(async () => {
  vi.useRealTimers();
  await emulator.reset();
});
afterAll(() => emulator.close());

/** A credential of the user-assigned identity that has little patience. */
function makeCredential(fault: FaultName): AppServiceMsiCredential {
  return new AppServiceMsiCredential({
    env: emulator.env,
    managedIdentityClientId: emulator.identities.userAssigned[0]?.clientId,
    ...(slow.has(fault) ? { attemptTimeoutInMs: 500 } : {}),
    retryOptions: timed.has(fault)
      ? { maxRetries: 6, retryDelayInMs: 50, maxRetryDelayInMs: 100 }
      : { maxRetries: slow.has(fault) ? 1 : 3, retryDelayInMs: 5 },
  });
}

function outcomeOf(got: Promise<unknown>): Promise<unknown> {
  return got.then(
    () => "token",
    (error: { code?: unknown }) => error.code ?? error,
  );
}

describe.each(Object.entries(rows))("a credential that meets the fault %s", (name, { once, always }) => {
  const fault = name as FaultName;

  it(`gives ${once} when it is met once`, async () => {
    const credential = makeCredential(fault);
    // A refresh that the test before left behind asks for another resource.
    const resource = "https://vault.azure.net";
    emulator.faults.arm(fault, timed.has(fault) ? { forInMs: 50 } : { times: 1, resource });
    expect(await outcomeOf(credential.getToken(resource))).toBe(once);
  });

  it(`gives ${always} when it stays, and the token at hand if there is one`, async () => {
    const [warm, cold] = [makeCredential(fault), makeCredential(fault)];
    const { token: held } = await warm.getToken(storage);
    emulator.faults.arm(fault, timed.has(fault) ? { forInMs: Infinity } : {});
    expect(await outcomeOf(cold.getToken(storage))).toBe(always);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 13 * 3_600_000 });
    expect(await warm.getToken(storage)).toMatchObject({ token: held });
  });
});

it("every fault of the emulator is in the table", () => {
  expect(Object.keys(rows).toSorted()).toEqual(
    emulator.faults
      .list()
      .map(({ name }) => name)
      .toSorted(),
  );
});
