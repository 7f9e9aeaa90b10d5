import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Emulator, type FaultName, startEmulator } from "@appservice-msi/emulator";
import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { call, type Outcome } from "./play-terminal.ts";

const secret = 'se"cret/of-the+endpoint';
const token = /eyJ[\w-]{10,}/;

/** Every spelling that gives it away. */
const spellings = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];

/** What people show to others: all commands that ask the endpoint, and are not asked for the token. */
const shown: readonly (readonly string[])[] = [
  ["token", "-r", "storage", "--response", "--verbose"],
  ["token", "-r", "storage", "--response", "-o", "json"],
  ["whoami", "--verbose"],
  ["whoami", "-o", "json"],
  ["whoami", "-o", "claims"],
  ["doctor", "--verbose"],
  ["doctor", "-o", "json"],
];

/** What fails with it prints no token, and everything that it says may be seen. */
const failing = [...shown, ["token", "-r", "storage", "--verbose"], ["token", "-r", "storage", "-o", "raw"]];

function expectSecrecy(argv: readonly string[], { stdout, stderr }: Outcome): void {
  const said = stdout + stderr;
  expect(
    spellings.filter((spelling) => said.toLowerCase().includes(spelling.toLowerCase())),
    argv.join(" "),
  ).toEqual([]);
  expect(said, argv.join(" ")).not.toMatch(token);
}

/** An endpoint that shows in every part of its answer what it was sent, and a token besides. */
async function withEcho(status: number, use: (env: Record<string, string>) => Promise<void>): Promise<void> {
  const server = createServer(({ headers }, response) => {
    const sent = String(headers["x-identity-header"] ?? headers["secret"]);
    const otherCase = `${sent.toUpperCase()} ${encodeURIComponent(sent).toLowerCase()}`;
    const echo = `${sent} ${otherCase} ${new UnsecuredJWT({ oid: "o" }).encode()}`;
    const body = { message: echo, error: { code: echo }, correlationId: echo, token_type: echo, access_token: echo };
    response.writeHead(status, { "x-echo": echo, "retry-after": "0" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await use({ IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: secret });
  } finally {
    server.close();
  }
}

async function callAll(argvs: readonly (readonly string[])[], env: Emulator["env"]): Promise<void> {
  await Promise.all(
    argvs.map(async (argv) => expectSecrecy(argv, await call([...argv, "--timeout", "0.3"], { env: { ...env } }))),
  );
}

describe("Neither secret nor token is said", () => {
  it("when all is well and nobody asked for the token", async () => {
    await using emulator = await startEmulator({ secret });
    const world = { env: { ...emulator.env, APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl } };
    const key = emulator.dashboardUrl.replace(/.*#key=/, "");
    await callAll(shown, emulator.env);
    for (const argv of [
      ["env"],
      ["env", "--all", "-o", "json"],
      ["journal"],
      ["journal", "-o", "json"],
      ["fault", "list"],
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- the journal has something to show
      const outcome = await call([...argv, "--verbose"], world);
      expectSecrecy(argv, outcome);
      expect(outcome.stdout + outcome.stderr).not.toContain(key);
    }
  });

  it.concurrent.each([200, 400, 401, 403, 404, 429, 500, 503])(
    "when an endpoint answers %i and echoes them",
    (status) => withEcho(status, (env) => callAll(failing, env)),
  );
});

describe("Neither secret nor token is said where there is a fault:", async () => {
  await using some = await startEmulator();
  const names = some.faults.list().map(({ name }) => name);
  /** With these there may be a token after all. */
  const harmless: readonly FaultName[] = [
    "slow-headers",
    "slow-body",
    "short-token",
    "odd-expiry",
    "unsupported-api-version",
  ];

  it.concurrent.each(names)("%s", async (name) => {
    await using emulator = await startEmulator({ secret });
    emulator.faults.arm(name);
    await callAll(harmless.includes(name) || name === "wrong-identity" ? shown : failing, { ...emulator.env });
  });
});
