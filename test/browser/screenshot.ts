// pnpm screenshot: takes the picture of the emulator's page that stands in the READMEs.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readOptions } from "@appservice-msi/command-line";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { startChromium } from "./chromium.ts";

/** The beginning of the day that the picture shows, so that it is the same each time. */
const morning = Date.UTC(2026, 10, 24, 9, 41);

const views = {
  light: { viewport: { width: 1280, height: 820 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 820 }, colorScheme: "dark" },
  narrow: { viewport: { width: 380, height: 820 }, colorScheme: "light" },
} as const satisfies Record<string, BrowserContextOptions>;

const storage = "https://storage.azure.com";
const vault = "https://vault.azure.net";
const graph = "https://graph.microsoft.com";

/** An app asks, as at that second of the morning; whatever comes of it is what the picture shows. */
async function ask(
  { env, clock }: Emulator,
  second: number,
  resource: string,
  { apiVersion = "2019-08-01", secret = env.IDENTITY_HEADER ?? "", ...id }: Record<string, string> = {},
): Promise<void> {
  clock.freeze(morning + second * 1000);
  const query = new URLSearchParams({ "api-version": apiVersion, resource, ...id });
  const header = apiVersion === "2019-08-01" ? "X-IDENTITY-HEADER" : "secret";
  const headers = { [header]: secret, "user-agent": "orders-api/2.3 Node/24" };
  await fetch(`${env.IDENTITY_ENDPOINT}?${query.toString()}`, { headers }).then(
    (response) => response.text().catch(() => ""),
    () => "",
  );
}

async function playTheMorning(emulator: Emulator): Promise<void> {
  const { faults, clock, identities } = emulator;
  const clientId = identities.userAssigned[0]?.clientId ?? "";
  await ask(emulator, 0.204, storage);
  await ask(emulator, 1.41, vault, { client_id: clientId });
  await ask(emulator, 1.873, "https://database.windows.net/", { apiVersion: "2017-09-01" });
  await ask(emulator, 4.005, vault, { client_id: "5f2d91c0-7a41-4b8e-9d02-41c6e8a70b13" });
  faults.arm("status-429", { times: 2, retryAfterInSeconds: 1 });
  await ask(emulator, 7.32, graph);
  await ask(emulator, 8.327, graph);
  await ask(emulator, 9.331, graph, { client_id: clientId });
  await ask(emulator, 12.118, storage, { secret: "an old one" });
  faults.arm("reset", { times: 1 });
  await ask(emulator, 15.6, storage);
  await ask(emulator, 15.84, storage);
  faults.arm("slow-body", { times: 1, durationInMs: 300 });
  await ask(emulator, 18.09, "https://servicebus.azure.net");
  await ask(emulator, 21.4, vault);
  clock.freeze(morning + 23_000);
  faults.arm("status-503", { times: 3, resource: vault });
  faults.arm("outage", { forInMs: 60_000, identity: clientId });
}

async function openPage(browser: Browser, emulator: Emulator, view: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...view, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(emulator.dashboardUrl);
  await page.getByRole("button", { expanded: false }).nth(5).click();
  return page;
}

const {
  positionals: [folder],
} = readOptions({
  usage: `Usage: npx -y pnpm@12 screenshot [folder]

Takes the picture of the emulator's page in docs/images. With a folder: takes it by day, by night and narrow, into that folder.`,
  options: {},
  allowPositionals: true,
});
await using emulator = await startEmulator({ port: 42_356 });
const browser = await startChromium();
await playTheMorning(emulator);
if (folder === undefined) {
  const page = await openPage(browser, emulator, views.light);
  await page.screenshot({ path: join(import.meta.dirname, "../../docs/images/emulator.png") });
} else {
  mkdirSync(folder, { recursive: true });
  for (const [name, view] of Object.entries(views)) {
    const page = await openPage(browser, emulator, view);
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }
}
await browser.close();
