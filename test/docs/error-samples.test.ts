import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  AppServiceMsiCredential,
  type AppServiceMsiCredentialOptions,
  AppServiceMsiError,
  type AppServiceMsiErrorCode,
} from "@appservice-msi/credential";
import { type Emulator, type EmulatorOptions, startEmulator } from "@appservice-msi/emulator";
import { expect, it } from "vitest";
import { root } from "./markdown.ts";

/** How the error of a section comes about: at an emulator, by a credential with these options, for this scope. */
interface Cause {
  readonly emulated?: EmulatorOptions;
  readonly prepare?: (emulator: Emulator) => void;
  readonly env?: (env: Emulator["env"]) => Readonly<Record<string, string | undefined>>;
  readonly options?: AppServiceMsiCredentialOptions;
  readonly scopes?: string | string[];
}

const clientId = "c0000000-0000-4000-8000-000000000001";

const causes: Readonly<Record<AppServiceMsiErrorCode, Cause>> = {
  NOT_CONFIGURED: { env: ({ IDENTITY_ENDPOINT }) => ({ IDENTITY_ENDPOINT }) },
  INVALID_ENDPOINT: { env: (env) => ({ ...env, IDENTITY_ENDPOINT: "127.0.0.1:41601/msi/token" }) },
  INVALID_SCOPE: { scopes: ["https://storage.azure.com", "https://vault.azure.net"] },
  UNSUPPORTED_IDENTITY: {
    emulated: { host: "functions-linux-consumption" },
    options: { managedIdentityObjectId: "c0000000-0000-4000-8000-000000000002" },
  },
  IDENTITY_MISMATCH: {
    prepare: ({ faults }) => void faults.arm("wrong-identity"),
    options: { managedIdentityClientId: clientId },
  },
  IDENTITY_NOT_FOUND: { options: { managedIdentityClientId: "00001111-aaaa-4222-8bbb-3333cccc4444" } },
  UNAUTHORIZED: { env: (env) => ({ ...env, IDENTITY_HEADER: "an old one" }) },
  REJECTED: { prepare: ({ faults }) => void faults.arm("status-404") },
  THROTTLED: { prepare: ({ faults }) => void faults.arm("status-429", { retryAfterInSeconds: 45 }) },
  SERVICE_FAILED: { prepare: ({ faults }) => void faults.arm("status-500") },
  UNREACHABLE: { prepare: ({ faults }) => void faults.arm("not-listening") },
  TIMEOUT: {
    prepare: ({ faults }) => void faults.arm("hang"),
    options: { timeoutInMs: 1500, attemptTimeoutInMs: 500 },
  },
  INVALID_RESPONSE: { prepare: ({ faults }) => void faults.arm("html") },
};

/** The message of the error, after its code. Retries follow at once: no message tells of the pauses between them. */
async function provoke({
  emulated,
  prepare,
  env,
  options,
  scopes = "https://storage.azure.com",
}: Cause): Promise<string> {
  await using emulator = await startEmulator(emulated);
  prepare?.(emulator);
  const credential = new AppServiceMsiCredential({
    retryOptions: { retryDelayInMs: 1, maxRetryDelayInMs: 1 },
    ...options,
    env: env?.(emulator.env) ?? emulator.env,
  });
  const error = await credential.getToken(scopes).catch((reason: unknown) => reason);
  return error instanceof AppServiceMsiError ? `${error.code}: ${error.message}` : String(error);
}

const page = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");

function sampleOf(code: string): string {
  const [, section = ""] = page.split(`\n## ${code}\n`);
  return `${code}: ${/^[^#]*?```text\n(.*?)\n```/s.exec(section)?.[1]}`;
}

/** Without line breaks, and without what differs from run to run. */
function normalise(message: string): string {
  return message
    .replaceAll(/\s+/g, " ")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, "<id>")
    .replace(/request URI '[^']*'/, "request URI '…'")
    .replace(/no token within \d+ ms/, "no token within <time>");
}

it.concurrent.each(Object.entries(causes))("the page shows %s as it is", async (code, cause) => {
  expect(normalise(sampleOf(code))).toBe(normalise(await provoke(cause)));
});
