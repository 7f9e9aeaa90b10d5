// The main job, on this machine: main.ts as it is, an App Service identity endpoint, and a real Azurite.
// It runs for both kinds of identity on a host of today and on one that knows only the API version of 2017.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify, styleText } from "node:util";
import { readOptions } from "@appservice-msi/command-line";
import { startAzurite } from "@appservice-msi/example-azurite";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import Table from "cli-table3";

const { values } = readOptions({
  usage: `Usage: npx -y pnpm@12 demo [--blob-port <port>] [--identity-port <port>]

Runs an unchanged @azure/storage-blob app on an emulated App Service and a real Azurite.

  --blob-port <port>      where Azurite listens; default: a free one
  --identity-port <port>  where the identity endpoint listens; default: a free one`,
  options: {
    "blob-port": { type: "string", default: "0" },
    "identity-port": { type: "string", default: "0" },
  },
  numbers: ["blob-port", "identity-port"],
});
const main = fileURLToPath(new URL("main.ts", import.meta.url));
const run = promisify(execFile);

const scenarios = [
  { host: "app-service-linux", identity: "system-assigned", apiVersion: "2019-08-01" },
  { host: "app-service-linux", identity: "user-assigned", apiVersion: "2019-08-01" },
  { host: "functions-linux-consumption", identity: "system-assigned", apiVersion: "2017-09-01" },
  { host: "functions-linux-consumption", identity: "user-assigned", apiVersion: "2017-09-01" },
] as const;
type Scenario = (typeof scenarios)[number];

// An exit through these runs the handlers that stop Azurite and remove its files; the default one does not.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

try {
  await demo();
} catch (error) {
  console.error(`\n${styleText("red", "✗")} ${(error as Error).message}`);
  process.exitCode = 1;
}

async function demo(): Promise<void> {
  console.log("An unchanged Azure client with a managed identity, all on this machine.\n");
  await using azurite = await step("start Azurite, which takes bearer tokens over HTTPS only", () =>
    startAzurite({ port: Number(values["blob-port"]) }).catch(byName("another one", "another --blob-port")),
  );
  const table = new Table({
    head: ["identity", "host", "API version", "what the endpoint saw", "blob round trip"],
    style: { head: [], border: [], compact: true },
  });
  for (const scenario of scenarios) {
    const title = `run main.ts on ${scenario.host} as the ${scenario.identity} identity`;
    table.push(await step(title, () => play(scenario, azurite)));
  }
  console.log(`\n${table.toString()}\n`);
  console.log(
    "Each row is a process of its own: a token from the emulated endpoint, then upload, list and download with it.",
  );
  console.log("Where the endpoint refuses API version 2019-08-01, the credential asks once more, in 2017-09-01.");
}

/** One run of the app in one scenario: a row of the table. */
async function play(scenario: Scenario, azurite: { url: string; caFile: string }): Promise<string[]> {
  await using emulator = await startEmulator({ host: scenario.host, port: Number(values["identity-port"]) }).catch(
    byName('"port"', "--identity-port"),
  );
  const { stdout } = await run(process.execPath, [main], { env: environment(scenario, emulator, azurite) });
  const { listed, downloaded } = JSON.parse(stdout) as { listed: boolean; downloaded: string };
  const seen = emulator.journal.list();
  if (!listed || seen.at(-1)?.apiVersion !== scenario.apiVersion || seen.at(-1)?.status !== 200) {
    throw new Error(`Not as expected on ${scenario.host}: ${stdout}${JSON.stringify(seen, null, 2)}`);
  }
  const requests = seen.map(({ apiVersion, status }) => `${apiVersion} → ${status}`).join("\n");
  return [
    scenario.identity,
    scenario.host,
    scenario.apiVersion,
    requests,
    `${styleText("green", "✓")} "${downloaded}"`,
  ];
}

/** What starts a server knows its own options; whoever starts the demo knows ours. */
function byName(theirs: string, ours: string): (error: Error) => never {
  return (error) => {
    throw new Error(error.message.replace(theirs, ours), { cause: error });
  };
}

function environment(
  scenario: Scenario,
  emulator: Emulator,
  azurite: { url: string; caFile: string },
): NodeJS.ProcessEnv {
  const { PORT: _, AZURE_CLIENT_ID: __, ...ours } = process.env;
  const clientId = emulator.identities.userAssigned[0]?.clientId ?? "";
  return {
    ...ours,
    ...emulator.env,
    ...(scenario.identity === "user-assigned" && { AZURE_CLIENT_ID: clientId }),
    STORAGE_ACCOUNT_URL: azurite.url,
    STORAGE_CA_FILE: azurite.caFile,
  };
}

async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  if (process.stdout.isTTY) {
    process.stdout.write(`… ${title}`);
  }
  try {
    const result = await work();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `${process.stdout.isTTY ? "\r" : ""}${styleText("green", "✓")} ${title} ${styleText("dim", `${seconds} s`)}`,
    );
    return result;
  } catch (error) {
    throw new Error(`Could not ${title}. ${(error as Error).message}`, { cause: error });
  }
}
