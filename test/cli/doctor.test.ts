import { type Emulator, type EmulatorOptions, type FaultName, startEmulator } from "@appservice-msi/emulator";
import { afterAll, describe, expect, it } from "vitest";
import { call, type Outcome } from "./play-terminal.ts";

const hour = 3_600_000;

interface Finding {
  readonly name: string;
  readonly title: string;
  readonly status: "pass" | "warn" | "fail" | "skip";
  readonly reason: string;
  readonly remedy?: string;
}

type Variables = Record<string, string | undefined>;

/** A way in which people go wrong, and what the doctor is to say of it. */
interface Scenario {
  readonly when: string;
  readonly check: string;
  readonly expected: { readonly status: Finding["status"]; readonly reason: RegExp; readonly remedy?: RegExp };
  /** The emulator to ask. Without it there is none, and no variables either. */
  readonly emulator?: EmulatorOptions;
  /** What goes wrong at the emulator. */
  readonly arrange?: (emulator: Emulator) => void | Promise<unknown>;
  /** What is wrong with the variables, given those of the emulator before that. */
  readonly env?: (right: Variables) => Variables;
  readonly args?: readonly string[];
  /** Default: 0 for warnings. */
  readonly exitCode?: number;
}

const userAssigned = { name: "orders", clientId: "00001111-aaaa-4222-8bbb-3333cccc4444" };
const objectId = "99998888-aaaa-4222-8bbb-3333cccc4444";

const resourceFirst = /^Check the resource first: .*, and give Azure support the correlation id\.$/;
const somethingElse = /^Something other than the identity endpoint listens there: check IDENTITY_ENDPOINT, /;

/** Answers without a token that can be used: what the doctor says of them, and what it advises. */
const badAnswers: readonly (readonly [fault: FaultName, reason: RegExp, remedy: RegExp])[] = [
  ["status-404", /^answered 404/, /^Check the path of the URL in IDENTITY_ENDPOINT\. Just after a start .*: wait/],
  ["status-429", /^answered 429/, /^Share one credential in the process, .* the time in Retry-After\.$/],
  [
    "status-500",
    /^answered 500, and says "An unexpected error occured while fetching the AAD Token\.", correlation id: \S+ \(/,
    resourceFirst,
  ],
  ["status-502", /^answered 502/, resourceFirst],
  ["status-503", /^answered 503/, resourceFirst],
  ["status-504", /^answered 504/, resourceFirst],
  ["html", /^answered 200 with a body that is no JSON object \(text\/html/, somethingElse],
  ["empty", /^answered 200 with a body that is no JSON object/, somethingElse],
  ["null", /^answered 200 with a body that is no JSON object/, somethingElse],
  ["missing-token", /^answered 200 with no access_token/, somethingElse],
  ["missing-expiry", /^answered 200 with no expires_on/, somethingElse],
  ["expired-token", /^answered 200 with a token that expired at /, /^Check the clock of this machine\./],
  ["not-bearer", /^answered 200 with a token_type other/, /^Check IDENTITY_ENDPOINT: this is not how the platform's/],
  ["malformed-json", /^answered 200 with a /, /^(?:Run this again: |Something other than)/],
  ["truncated-body", /^broke off in the middle/, /^Run this again: /],
];

const scenarios: readonly Scenario[] = [
  {
    when: "no variable is set",
    check: "variables",
    expected: { status: "fail", reason: /^none of IDENTITY_ENDPOINT, .* is set in this process$/ },
    exitCode: 3,
  },
  {
    when: "this is Service Fabric",
    check: "host",
    emulator: {},
    env: (right) => ({ ...right, IDENTITY_SERVER_THUMBPRINT: "AB12" }),
    expected: { status: "fail", reason: /looks like Service Fabric, whose endpoint is another one/ },
    exitCode: 3,
  },
  {
    when: "this is Azure Arc",
    check: "host",
    env: () => ({
      IDENTITY_ENDPOINT: "http://localhost:40342/metadata/identity/oauth2/token",
      IMDS_ENDPOINT: "http://localhost:40342",
    }),
    expected: { status: "fail", reason: /looks like Azure Arc/ },
    exitCode: 3,
  },
  {
    when: "this is Cloud Shell",
    check: "host",
    env: () => ({ MSI_ENDPOINT: "http://localhost:50342/oauth2/token" }),
    expected: { status: "fail", reason: /looks like Cloud Shell/ },
    exitCode: 3,
  },
  ...["host", "whole-pair"].map((check): Scenario => ({
    when: `one variable of Container Apps was not passed on, to the check ${check}`,
    check,
    emulator: { host: "container-apps" },
    env: (right) => ({ ...right, IDENTITY_HEADER: undefined }),
    expected:
      check === "host"
        ? { status: "skip", reason: /do not tell which host this is/ }
        : { status: "fail", reason: /^IDENTITY_ENDPOINT is set, but IDENTITY_HEADER is not; MSI_ENDPOINT is set, / },
    exitCode: 3,
  })),
  {
    when: "the secret was not passed on",
    check: "whole-pair",
    emulator: {},
    env: ({ IDENTITY_ENDPOINT }) => ({ IDENTITY_ENDPOINT }),
    expected: { status: "fail", reason: /^IDENTITY_ENDPOINT is set, but IDENTITY_HEADER is not$/ },
    exitCode: 3,
  },
  {
    when: "half of the older pair is left over",
    check: "whole-pair",
    emulator: {},
    env: ({ MSI_SECRET, ...right }) => ({ ...right, MSI_ENDPOINT: undefined, MSI_SECRET }),
    expected: { status: "warn", reason: /^MSI_SECRET is set, but MSI_ENDPOINT is not$/ },
  },
  {
    when: "Container Apps leave MSI_SECRET out",
    check: "whole-pair",
    emulator: { host: "container-apps" },
    expected: { status: "pass", reason: /as it is on Container Apps/ },
  },
  {
    when: "an app setting blanks the secret",
    check: "blank-values",
    emulator: {},
    env: ({ IDENTITY_ENDPOINT }) => ({ IDENTITY_ENDPOINT, IDENTITY_HEADER: " " }),
    expected: { status: "fail", reason: /^IDENTITY_HEADER is set, but blank$/ },
    exitCode: 3,
  },
  {
    when: "the older pair is blank, and the newer one is not",
    check: "blank-values",
    emulator: {},
    env: (right) => ({ ...right, MSI_ENDPOINT: "", MSI_SECRET: "" }),
    expected: { status: "warn", reason: /^MSI_ENDPOINT and MSI_SECRET are set, but blank$/ },
  },
  {
    when: "AZURE_CLIENT_ID is empty",
    check: "empty-client-id",
    emulator: {},
    env: (right) => ({ ...right, AZURE_CLIENT_ID: "" }),
    expected: { status: "warn", reason: /^it is ""$/ },
  },
  {
    when: "there is only the older pair",
    check: "current-variables",
    emulator: {},
    env: ({ MSI_ENDPOINT, MSI_SECRET }) => ({ MSI_ENDPOINT, MSI_SECRET }),
    expected: { status: "warn", reason: /only MSI_ENDPOINT and MSI_SECRET/ },
  },
  {
    when: "Azure Machine Learning has only the older pair",
    check: "current-variables",
    emulator: { host: "azure-ml" },
    expected: { status: "pass", reason: /as it is on Azure Machine Learning/ },
  },
  {
    when: "the endpoint lacks its scheme",
    check: "endpoint-url",
    emulator: {},
    env: (right) => ({ ...right, IDENTITY_ENDPOINT: right["IDENTITY_ENDPOINT"]?.replace("http://", "") }),
    expected: { status: "fail", reason: /^IDENTITY_ENDPOINT is set, but is no http or https URL/ },
    exitCode: 3,
  },
  {
    when: "a scope is given as the resource",
    check: "resource-not-scope",
    emulator: {},
    args: ["-r", "https://vault.azure.net/.default"],
    expected: { status: "warn", reason: /is a scope; https:\/\/vault\.azure\.net was asked for instead/ },
  },
  {
    when: "the resource has a slash too many",
    check: "resource-slashes",
    emulator: {},
    args: ["-r", "https://vault.azure.net//"],
    expected: { status: "warn", reason: /two slashes in a row/ },
  },
  {
    when: "the resource lacks the slash that the service writes",
    check: "resource-slashes",
    emulator: {},
    args: ["-r", "https://database.windows.net"],
    expected: { status: "warn", reason: /the service itself writes https:\/\/database\.windows\.net\/$/ },
  },
  {
    when: "an object id is given as the client id",
    check: "client-id",
    emulator: { userAssigned: [{ ...userAssigned, objectId }] },
    args: ["--client-id", objectId],
    expected: {
      status: "fail",
      reason: new RegExp(
        `^${objectId} \\(--client-id\\) is an object id; the client id .* is ${userAssigned.clientId}$`,
      ),
    },
    exitCode: 5,
  },
  {
    when: "a client id is given as the object id",
    check: "client-id",
    emulator: { userAssigned: [{ ...userAssigned, objectId }] },
    args: ["--object-id", userAssigned.clientId],
    expected: { status: "fail", reason: new RegExp(`is a client id; the object id .* is ${objectId}$`) },
    exitCode: 5,
  },
  {
    when: "a name is given as the client id",
    check: "client-id",
    emulator: { userAssigned: [userAssigned] },
    env: (right) => ({ ...right, AZURE_CLIENT_ID: "orders" }),
    expected: { status: "warn", reason: /^orders \(AZURE_CLIENT_ID\) is no GUID$/ },
    exitCode: 5,
  },
  {
    when: "a client id is given as the resource id",
    check: "client-id",
    emulator: { userAssigned: [userAssigned] },
    args: ["--resource-id", userAssigned.clientId],
    expected: { status: "warn", reason: /\(--resource-id\) is no resource id, \/subscriptions\/…$/ },
    exitCode: 5,
  },
  {
    when: "there are several identities, and none is chosen",
    check: "identity-chosen",
    emulator: { host: "container-apps", systemAssigned: false, userAssigned: [{ name: "one" }, { name: "two" }] },
    expected: { status: "fail", reason: /^none is named, and the app has no system-assigned one, or several/ },
    exitCode: 5,
  },
  {
    when: "the identity is not assigned to the app",
    check: "identity-assigned",
    emulator: {},
    args: ["--client-id", userAssigned.clientId],
    expected: { status: "fail", reason: new RegExp(`^it has none with ${userAssigned.clientId}$`) },
    exitCode: 5,
  },
  {
    when: "the endpoint answers for another identity",
    check: "identity-assigned",
    emulator: { userAssigned: [userAssigned] },
    arrange: ({ faults }) => faults.arm("wrong-identity") && undefined,
    args: ["--client-id", userAssigned.clientId],
    expected: {
      status: "fail",
      reason: /with the token of another identity/,
      remedy: /^Assign the identity .* If the app has it, IDENTITY_ENDPOINT does not hold the platform's endpoint\.$/,
    },
    exitCode: 5,
  },
  {
    when: "the host is too old for an object id",
    check: "identity-assigned",
    emulator: { host: "functions-linux-consumption", userAssigned: [{ ...userAssigned, objectId }] },
    args: ["--object-id", objectId],
    expected: { status: "fail", reason: /2017-09-01, which knows client ids only/ },
    exitCode: 5,
  },
  {
    when: "other tools would go through a proxy",
    check: "proxy",
    emulator: {},
    env: (right) => ({ ...right, HTTP_PROXY: "http://user:pass@proxy:8080", NO_PROXY: "localhost" }),
    expected: {
      status: "warn",
      reason: /^HTTP_PROXY is http:\/\/proxy:8080\/, and NO_PROXY does not name 127\.0\.0\.1$/,
    },
  },
  {
    when: "NO_PROXY lets the endpoint past the proxy",
    check: "proxy",
    emulator: {},
    env: (right) => ({ ...right, http_proxy: "http://proxy:8080", no_proxy: "localhost,127.0.0.1" }),
    expected: { status: "pass", reason: /^NO_PROXY names 127\.0\.0\.1$/ },
  },
  {
    when: "the recipe for virtual machines is used",
    check: "vm-address",
    env: () => ({ MSI_ENDPOINT: "http://169.254.169.254/metadata/identity/oauth2/token" }),
    expected: { status: "fail", reason: /^MSI_ENDPOINT does$/ },
    exitCode: 3,
  },
  {
    when: "another tool is pointed at the virtual machine's address",
    check: "vm-address",
    emulator: {},
    env: (right) => ({ ...right, AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://169.254.169.254" }),
    expected: { status: "warn", reason: /^AZURE_POD_IDENTITY_AUTHORITY_HOST does$/ },
  },
  {
    when: "nothing listens",
    check: "listening",
    emulator: {},
    arrange: (emulator) => emulator.close(),
    expected: { status: "fail", reason: /nothing listens there \(ECONNREFUSED\)/ },
    exitCode: 4,
  },
  {
    when: "the endpoint hangs",
    check: "in-time",
    emulator: {},
    arrange: ({ faults }) => faults.arm("hang") && undefined,
    args: ["--timeout", "0.3"],
    expected: { status: "fail", reason: /^gave no token within 300 ms/ },
    exitCode: 4,
  },
  {
    when: "the endpoint is slow",
    check: "in-time",
    emulator: {},
    arrange: ({ faults }) => faults.arm("slow-headers", { delayInMs: 2100 }) && undefined,
    args: ["--timeout", "60"], // many scenarios run at a time
    expected: { status: "warn", reason: /^only after \d+ s$/ },
  },
  {
    when: "the secret was rotated",
    check: "secret",
    emulator: {},
    arrange: (emulator) => void emulator.rotateSecret(),
    expected: { status: "fail", reason: /^answered 40[13]/ },
    exitCode: 5,
  },
  ...badAnswers.map(([fault, reason, remedy]): Scenario => ({
    when: `the endpoint has the fault ${fault}`,
    check: "answer",
    emulator: {},
    arrange: ({ faults }) => faults.arm(fault) && undefined,
    expected: { status: "fail", reason, remedy },
    exitCode: 6,
  })),
  {
    when: "one API version is not spoken",
    check: "api-versions",
    emulator: { host: "functions-linux-consumption" },
    expected: { status: "pass", reason: /^2019-08-01 is not spoken here, 2017-09-01 answers$/ },
  },
  {
    when: "one API version fails",
    check: "api-versions",
    emulator: {},
    arrange: ({ faults }) => faults.arm("status-503", { times: 1 }) && undefined,
    expected: { status: "warn", reason: /answers/ },
  },
  {
    when: "no API version of App Service is spoken",
    check: "api-versions",
    emulator: {},
    arrange: ({ faults }) => {
      faults.arm("unsupported-api-version", { apiVersion: "2019-08-01" });
      faults.arm("unsupported-api-version", { apiVersion: "2017-09-01" });
    },
    expected: { status: "fail", reason: /^2019-08-01 is not spoken here, 2017-09-01 is not spoken here$/ },
    exitCode: 6,
  },
  {
    when: "the clock is behind",
    check: "clock",
    emulator: {},
    arrange: ({ clock }) => clock.advance(10 * 60_000),
    expected: { status: "warn", reason: /^this clock is (?:9 min 5\d s|10 min) behind the endpoint's$/ },
  },
  {
    when: "the clock is ahead",
    check: "clock",
    emulator: {},
    arrange: ({ clock }) => clock.advance(-10 * 60_000),
    expected: { status: "warn", reason: /^this clock is 10 min.* ahead of the endpoint's$/ },
  },
  {
    when: "the platform keeps an old token",
    check: "token-age",
    emulator: {},
    arrange: async (emulator) => {
      emulator.clock.advance(-9 * hour);
      await call(["token", "-r", "resourceManager"], { env: emulator.env });
      emulator.clock.advance(9 * hour);
    },
    expected: { status: "warn", reason: /^9 h 5 min old; role changes since may not show, until 20/ },
  },
  {
    when: "the token is older than one cares to have it",
    check: "token-age",
    emulator: {},
    args: ["--stale-after", "0"],
    expected: { status: "warn", reason: /^5 min .*old;/ },
  },
  {
    when: "DefaultAzureCredential is told to leave managed identity out",
    check: "token-credentials",
    emulator: {},
    env: (right) => ({ ...right, AZURE_TOKEN_CREDENTIALS: "dev" }),
    expected: { status: "warn", reason: /^it is "dev": DefaultAzureCredential does not try managed identity/ },
  },
  {
    when: "DefaultAzureCredential is told something it does not know",
    check: "token-credentials",
    emulator: {},
    env: (right) => ({ ...right, AZURE_TOKEN_CREDENTIALS: "production" }),
    expected: { status: "warn", reason: /DefaultAzureCredential throws$/ },
  },
  {
    when: "managed identity is switched off",
    check: "not-disabled",
    env: () => ({ WEBSITE_SITE_NAME: "app", WEBSITE_DISABLE_MSI: "true" }),
    expected: { status: "fail", reason: /^it is "true"$/ },
    exitCode: 3,
  },
  {
    when: "managed identity is said to be switched off, and is not",
    check: "not-disabled",
    emulator: {},
    env: (right) => ({ ...right, WEBSITE_DISABLE_MSI: "1" }),
    expected: { status: "warn", reason: /^it is "1", though the endpoint answers$/ },
  },
  {
    when: "managed identity is expressly not switched off",
    check: "not-disabled",
    emulator: {},
    env: (right) => ({ ...right, WEBSITE_DISABLE_MSI: "false" }),
    expected: { status: "pass", reason: /^false$/ },
  },
];

/** Emulators that nothing was done to: scenarios share them. */
const untouched = new Map<string, Promise<Emulator>>();

afterAll(async () => {
  await Promise.all([...untouched.values()].map(async (emulator) => (await emulator).close()));
});

/** Plays a scenario, and calls the doctor in it. */
async function play({ emulator: options, arrange, env = (right) => right, args = [] }: Scenario): Promise<Outcome> {
  const argv = ["doctor", "-o", "json", ...args];
  if (options === undefined) {
    return call(argv, { env: env({}) });
  }
  if (arrange === undefined) {
    const key = JSON.stringify(options);
    untouched.set(key, untouched.get(key) ?? startEmulator(options));
    const shared = await untouched.get(key);
    return call(argv, { env: env({ ...shared?.env }) });
  }
  await using emulator = await startEmulator(options);
  const right = { ...emulator.env };
  await arrange(emulator);
  return await call(argv, { env: env(right) });
}

function findingsOf({ stdout }: Outcome): Finding[] {
  return JSON.parse(stdout).checks;
}

describe("doctor", () => {
  it.concurrent.each(scenarios)("says what is wrong when $when", async (scenario) => {
    const outcome = await play(scenario);
    const finding = findingsOf(outcome).find(({ name }) => name === scenario.check);
    const { status, reason } = scenario.expected;
    expect(finding).toMatchObject({ status, reason: expect.stringMatching(reason) });
    expect(finding?.remedy === undefined).toBe(status === "pass" || status === "skip");
    expect(finding?.remedy ?? "").toMatch(scenario.expected.remedy ?? /^/);
    expect(outcome.exitCode).toBe(scenario.exitCode ?? 0);
  });

  it("has a scenario for every check", async () => {
    await using emulator = await startEmulator();
    const outcome = await call(["doctor", "-o", "json"], { env: emulator.env });
    const checked = findingsOf(outcome).map(({ name }) => name);
    expect([...new Set(scenarios.map(({ check }) => check))].toSorted()).toEqual(checked.toSorted());
  });

  it("finds nothing wrong where nothing is", async () => {
    await using emulator = await startEmulator();
    const outcome = await call(["doctor", "-o", "json"], { env: emulator.env });
    expect(outcome.exitCode).toBe(0);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ result: "pass", exitCode: 0, host: "app-service-linux" });
    const skipped = findingsOf(outcome).filter(({ status }) => status !== "pass");
    expect(skipped.map(({ name, status }) => [name, status])).toEqual([["client-id", "skip"]]);
  });

  it.each([
    "app-service-linux",
    "app-service-windows",
    "functions-linux-consumption",
    "container-apps",
    "azure-ml",
  ] as const)("finds nothing wrong on %s", async (host) => {
    await using emulator = await startEmulator({ host });
    const { exitCode, stdout } = await call(["doctor", "-o", "json"], { env: emulator.env });
    expect({ exitCode, result: JSON.parse(stdout).result }).toEqual({ exitCode: 0, result: "pass" });
  });

  it("asks once in each API version", async () => {
    await using emulator = await startEmulator();
    await call(["doctor"], { env: emulator.env });
    const asked = emulator.journal.list().map(({ apiVersion }) => apiVersion ?? "");
    expect(asked.toSorted((one, other) => one.localeCompare(other))).toEqual(["2017-09-01", "2019-08-01"]);
  });
});

describe("doctor, at an endpoint with a fault,", async () => {
  const emulator = await startEmulator();
  afterAll(() => emulator.close());
  /** What a good endpoint may do as well. */
  const harmless: readonly FaultName[] = [
    "slow-headers",
    "slow-body",
    "odd-expiry",
    "short-token",
    "unsupported-api-version",
  ];
  const faults = emulator.faults.list().map(({ name }) => name);

  it.each(faults.filter((name) => !harmless.includes(name)))("sees %s", async (name) => {
    emulator.faults.arm(name);
    // It asks for a user-assigned identity: only so a wrong one can be told.
    const [identity] = emulator.identities.userAssigned;
    const argv = ["doctor", "--timeout", "0.3", "--client-id", identity?.clientId ?? "", "-o", "json"];
    const { exitCode, stdout } = await call(argv, { env: { ...emulator.env } });
    await emulator.reset();
    expect([4, 5, 6]).toContain(exitCode);
    expect(JSON.parse(stdout).result).toBe("fail");
  });
});

describe("doctor on a screen", () => {
  it("shows every check on a line, and below what is wrong what to do", async () => {
    const { exitCode, stdout, stderr } = await call(["doctor"], { env: { IDENTITY_ENDPOINT: "http://127.0.0.1:1/" } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: "" });
    expect(stdout).toMatch(
      /^There is no endpoint to ask\nfor https:\/\/management\.azure\.com as the system-assigned identity\.\n\n/,
    );
    expect(stdout).toMatch(/\nok {4}The endpoint's variables are there: IDENTITY_ENDPOINT\n/);
    expect(stdout).toMatch(
      /\nFAIL {2}Endpoint and secret come together: IDENTITY_ENDPOINT is set, but .*\n {6}→ Set both/,
    );
    expect(stdout).toMatch(/\n- {5}Not looked at: .*listening, .*\n\n1 failed, 0 warnings, \d+ passed\.\n$/);
  });

  it("fits a terminal of 80 columns and 30 rows when all is well", async () => {
    await using emulator = await startEmulator();
    const env = { ...emulator.env, NO_COLOR: "1" };
    const { stdout } = await call(["doctor"], { env, isTerminal: true, columns: 80 });
    const lines = stdout.trimEnd().split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => line.startsWith("ok "))).toHaveLength(22);
    expect(lines.length).toBeLessThanOrEqual(29);
  });

  it("has colours on a terminal only, and none with NO_COLOR", async () => {
    const colour = "\u001b[";
    expect((await call(["doctor"])).stdout).not.toContain(colour);
    expect((await call(["doctor"], { isTerminal: true })).stdout).toContain(`${colour}31mFAIL`);
    expect((await call(["doctor"], { isTerminal: true, env: { NO_COLOR: "1" } })).stdout).not.toContain(colour);
  });
});
