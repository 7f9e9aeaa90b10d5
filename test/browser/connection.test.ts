import { channel } from "node:diagnostics_channel";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { otherSite, startChromium, whyNoBrowser } from "./chromium.ts";
import { ask, storage } from "./requests.ts";
import { until, visit } from "./visit.ts";

let browser: Browser;
let emulator: Emulator;

beforeAll(async () => {
  browser = whyNoBrowser === undefined ? await startChromium() : browser;
}, 60_000);
beforeEach(async () => {
  served.subscribe(collectStream);
  emulator = await startEmulator();
});
afterEach(async () => {
  served.unsubscribe(collectStream);
  streams.clear();
  await emulator.close();
});
afterAll(() => browser?.close());

/** The connections of the event streams, as Node tells of them. */
const streams = new Set<IncomingMessage["socket"]>();
const served = channel("http.server.request.start");

function collectStream(message: unknown): void {
  const { request } = message as { request: IncomingMessage };
  if (request.url === "/_emulator/events") {
    streams.add(request.socket);
  }
}

function port(): number {
  return Number(new URL(emulator.url).port);
}

async function connection(page: Page, text: string): Promise<void> {
  await page.locator("#connection", { hasText: text }).waitFor();
}

describe.skipIf(whyNoBrowser !== undefined)("the page's connection to the emulator", () => {
  it.each([
    ["no key", ""],
    ["a wrong key", "#key=wrong"],
  ])("asks for the key when it has %s, and goes on with the right one", async (_, hash) => {
    await using opened = await visit(browser, `${emulator.url}/_emulator/${hash}`);
    const { page } = opened;
    await connection(page, "No key");
    expect(await page.locator("main").isVisible()).toBe(false);
    await page.getByLabel("This page needs the emulator's key").fill(emulator.dashboardUrl.split("key=")[1] ?? "");
    await page.getByRole("button", { name: "Connect" }).click();
    await connection(page, "Live");
    await page.getByText("Nobody has asked yet").waitFor();
    expect(page.url()).toBe(emulator.dashboardUrl);
    expect(opened.problems).toEqual([expect.stringContaining("401 (Unauthorized)")]);
  });

  it("comes back by itself when it drops, with what happened meanwhile", async () => {
    await using opened = await visit(browser, emulator.dashboardUrl);
    const { page } = opened;
    await connection(page, "Live");
    await page.context().setOffline(true);
    streams.forEach((stream) => stream.destroy());
    await connection(page, "Connection lost");
    await ask(emulator, { resource: storage });
    emulator.faults.arm("html");
    await page.context().setOffline(false);
    await connection(page, "Live");
    await page.locator("tr.request", { hasText: storage }).waitFor();
    await page.locator("#armed", { hasText: "html" }).waitFor();
  });

  it("comes back after the emulator has not been listening for a while", async () => {
    await using opened = await visit(browser, emulator.dashboardUrl);
    const { page } = opened;
    await connection(page, "Live");
    await page.getByLabel("Fault", { exact: true }).selectOption("not-listening");
    await page.getByRole("button", { name: "Arm" }).click();
    await until(() => emulator.faults.armed().length === 1);
    emulator.clock.advance(60_000);
    await page.locator("#armed li").waitFor({ state: "detached" });
    await until(() =>
      ask(emulator).then(
        () => true,
        () => false,
      ),
    );
    await page.locator("tr.request").first().waitFor();
    await connection(page, "Live");
  });

  it("asks for the new key when the emulator was started anew", async () => {
    await using opened = await visit(browser, emulator.dashboardUrl);
    const { page } = opened;
    await connection(page, "Live");
    const before = port();
    await emulator.close();
    await connection(page, "Connection lost");
    emulator = await startEmulator({ port: before });
    await page.getByLabel("The emulator was started anew").fill(emulator.dashboardUrl.split("key=")[1] ?? "");
    await page.keyboard.press("Enter");
    await connection(page, "Live");
    await ask(emulator, { resource: storage });
    await page.locator("tr.request", { hasText: storage }).waitFor();
  });
});

describe.skipIf(whyNoBrowser !== undefined)("a page of another site", () => {
  const site = createServer((_request, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>elsewhere</title>");
  });
  let elsewhere: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    elsewhere = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  });
  afterAll(() => new Promise((resolve) => site.close(resolve).closeAllConnections()));

  it("gets nothing from the emulator and changes nothing in it", async () => {
    await using opened = await visit(browser, elsewhere);
    const { page } = opened;
    const key = emulator.dashboardUrl.split("key=")[1];
    const attempts = await page.evaluate(
      async ([url = "", authorization = "", endpoint = "", secret = ""]) => {
        // oxlint-disable-next-line unicorn/consistent-function-scoping -- all of this runs in the browser
        const outcome = (address: string, init?: RequestInit): Promise<string> =>
          fetch(address, init).then(
            (response) => `${response.type} ${response.status}`,
            () => "refused",
          );
        const json = { "content-type": "application/json" };
        return [
          await outcome(`${url}/_emulator/health`),
          await outcome(`${url}/_emulator/env`, { headers: { authorization } }),
          await outcome(`${url}/_emulator/faults`, { method: "POST", headers: json, body: '{"name":"hang"}' }),
          await outcome(`${endpoint}?api-version=2019-08-01&resource=a:b`, {
            headers: { "x-identity-header": secret },
          }),
          await outcome(`${url}/_emulator/faults`, { method: "POST", mode: "no-cors", body: '{"name":"hang"}' }),
        ];
      },
      [emulator.url, `Bearer ${key}`, emulator.env.IDENTITY_ENDPOINT ?? "", emulator.env.IDENTITY_HEADER ?? ""],
    );
    expect(attempts).toEqual(["refused", "refused", "refused", "refused", "opaque 0"]);
    expect(emulator.faults.armed()).toEqual([]);
    expect(emulator.journal.list()).toEqual([]);
    expect(opened.received()).not.toContain(emulator.env.IDENTITY_HEADER);
  });

  it("cannot show the page in a frame", async () => {
    await using opened = await visit(browser, elsewhere);
    await opened.page.setContent(`<iframe src="${emulator.dashboardUrl}"></iframe>`);
    const frame = await until(() => opened.page.frames()[1]);
    expect(frame?.url()).toMatch(/^chrome-error:/);
    expect(opened.received()).not.toContain("event: state");
  });

  it("is turned away when its name leads to this machine", async () => {
    await using opened = await visit(browser, `http://${otherSite}:${port()}/_emulator/`);
    expect(await opened.page.content()).toContain("ForeignHost");
  });
});
