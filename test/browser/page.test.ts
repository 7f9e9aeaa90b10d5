import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startChromium, whyNoBrowser } from "./chromium.ts";
import { ask, storage, vault } from "./requests.ts";
import { until, type Visit, visit } from "./visit.ts";

const hour = 3_600_000;

let browser: Browser;
let emulator: Emulator;
let visitor: Visit;
let page: Page;

beforeAll(async () => {
  if (whyNoBrowser === undefined) {
    [browser, emulator] = await Promise.all([startChromium(), startEmulator()]);
  }
}, 60_000);

beforeEach(async () => {
  if (whyNoBrowser === undefined) {
    visitor = await visit(browser, emulator.dashboardUrl);
    page = visitor.page;
    await page.getByText("Live", { exact: true }).waitFor();
  }
});

afterEach(async () => {
  await visitor?.[Symbol.asyncDispose]();
  await emulator?.reset();
  expect(visitor?.problems ?? []).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  await emulator?.close();
});

/** The rows of the requests that are shown, newest first. */
function rows(): Locator {
  return page.locator("tr.request:visible");
}

function button(name: string): Locator {
  return page.getByRole("button", { name, exact: true });
}

/** Waits for a text in a place. */
function shows(place: Locator, text: string | RegExp): Promise<void> {
  return place.filter({ hasText: text }).first().waitFor();
}

async function clipboard(): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

async function armed(): Promise<readonly object[]> {
  await until(() => emulator.faults.armed().length > 0);
  return emulator.faults.armed();
}

describe.skipIf(whyNoBrowser !== undefined)(`the page in Chromium${whyNoBrowser ? ` (${whyNoBrowser})` : ""}`, () => {
  it("says what to do while nobody has asked", async () => {
    await page.getByText("Nobody has asked yet").waitFor();
    await button("Copy the variables").click();
    await shows(page.getByRole("status"), "Copied, the secret included.");
    expect(await clipboard()).toContain(`export IDENTITY_HEADER='${emulator.env.IDENTITY_HEADER}'`);
  });

  it("shows a request as it comes: status, resource, identity, API version, duration", async () => {
    await ask(emulator, { resource: storage, client_id: emulator.identities.userAssigned[0]?.clientId ?? "" });
    await shows(rows().first(), /^\d\d:\d\d:\d\d\.\d{3}200https:\/\/storage\.azure\.comuser-assigned2019-08-01\d+ ms$/);
    expect(await page.getByText("Nobody has asked yet").isVisible()).toBe(false);
  });

  it("shows a request that is open as open, and how it ended", async () => {
    emulator.faults.arm("hang", { times: 1 });
    const leaving = new AbortController();
    const answer = ask(emulator, { signal: leaving.signal }).catch(() => "gone");
    await shows(rows().first(), /….*open.*hang$/);
    leaving.abort();
    await shows(rows().first(), /none.*\d ms.*hang$/);
    expect(await answer).toBe("gone");
  });

  it("tells a fault from the host's own refusal", async () => {
    emulator.faults.arm("status-429", { times: 1 });
    await ask(emulator);
    await ask(emulator, { secret: "wrong" });
    await shows(rows().nth(1).locator(".fault"), "status-429");
    await shows(rows().nth(0).locator(".refusal"), "wrong-secret");
  });

  it("shows the claims of a token, and neither the token nor the secret in any place", async () => {
    const [, body] = await ask(emulator);
    const token = String(JSON.parse(body).access_token);
    await rows().first().getByRole("button", { expanded: false }).click();
    const claims = page.getByRole("cell", { name: "Claims of the token" });
    const exp = Number(emulator.journal.list()[0]?.claims?.["exp"]);
    await shows(claims, emulator.identities.systemAssigned?.objectId ?? "");
    await shows(claims, `${exp} (${new Date(exp * 1000).toISOString().replace(".000", "")})`);

    const everything = await page.evaluate(async () =>
      JSON.stringify([
        document.documentElement.outerHTML,
        [...document.querySelectorAll("input, select")].map((field) => (field as HTMLInputElement).value),
        Object.entries(localStorage),
        Object.entries(sessionStorage),
        document.cookie,
        location.href,
        history.state,
        await indexedDB.databases(),
        await caches.keys(),
      ]),
    );
    expect(visitor.received()).toContain("event: request"); // what comes over the network is seen
    for (const hidden of [emulator.env.IDENTITY_HEADER ?? "", ...token.split(".")]) {
      expect(hidden.length).toBeGreaterThan(20);
      expect(everything).not.toContain(hidden);
      expect(visitor.received()).not.toContain(hidden);
    }
    await button("Copy with the secret").click();
    await until(() => visitor.received().includes(emulator.env.IDENTITY_HEADER ?? ""));
    expect(await page.content()).not.toContain(emulator.env.IDENTITY_HEADER);
  });

  it("takes whatever comes from outside for text", async () => {
    const markup = `<img src=x onerror="document.title='broken'"><b>bold</b>`;
    await ask(emulator, { userAgent: markup, client_id: markup });
    await rows().first().getByRole("button").click();
    await shows(page.locator("tr.detail dd").nth(1), markup);
    expect(await page.locator("tr.detail img, tr.request b, tr.detail b").count()).toBe(0);
    expect(await page.title()).toBe("Managed identity emulator");
  });

  it("shows the requests that the filter wants, and none after they are cleared", async () => {
    await ask(emulator, { resource: storage });
    await ask(emulator, { resource: vault });
    await ask(emulator, { resource: vault, secret: "wrong" });
    await rows().nth(2).waitFor();
    await page.getByRole("searchbox").fill("VAULT");
    await until(async () => (await rows().count()) === 2);
    expect(await page.locator("#count").textContent()).toBe("2 of 3");
    await page.getByRole("searchbox").fill("wrong-secret");
    await until(async () => (await rows().count()) === 1);
    await button("Clear").click();
    await page.getByText("Nobody has asked yet").waitFor();
    expect(emulator.journal.list()).toEqual([]);
  });

  it("keeps the last 500 requests, the newest first", async () => {
    await Promise.all(
      Array.from({ length: 520 }, (_, index) => ask(emulator, { resource: `https://a.example/${index}` })),
    );
    await ask(emulator, { resource: "https://last.example" });
    await shows(rows().first(), "https://last.example");
    expect(await rows().count()).toBe(500);
    expect(await page.locator("#count").textContent()).toBe("500");
    await rows().last().getByRole("button").click();
    await page.locator("tr.detail:visible").waitFor();
  });

  it("copies each id of each identity", async () => {
    for (const { name, ...ids } of emulator.identities.userAssigned) {
      for (const [kind, id] of Object.entries(ids)) {
        // oxlint-disable-next-line no-await-in-loop -- one clipboard
        await button(`Copy ${kind.replace("Id", "")} id of ${name}`).click();
        // oxlint-disable-next-line no-await-in-loop -- one clipboard
        await until(async () => (await clipboard()) === id);
      }
    }
    expect(await page.locator("#identities > li").count()).toBe(2);
  });

  it("copies the variables for bash, so that a shell has them", async () => {
    await button("Copy with the secret").click();
    await until(async () => (await clipboard()).includes("export "));
    expect(await page.locator("#variables").textContent()).not.toContain(emulator.env.IDENTITY_HEADER);
    const { stdout } = await promisify(execFile)("sh", ["-c", `${await clipboard()}\nexport -p`], { env: {} });
    for (const [name, value] of Object.entries(emulator.env)) {
      expect(stdout).toContain(`export ${name}='${value}'`);
    }
  });

  it.each([
    ["PowerShell", (name: string, value: string) => `$env:${name} = '${value}'`],
    ["Docker", (name: string, value: string) => ` -e ${name}='${value}'`],
  ])("copies the variables for %s", async (shell, write) => {
    await page.getByText(shell, { exact: true }).click();
    await shows(page.locator("#variables"), write("IDENTITY_ENDPOINT", emulator.env.IDENTITY_ENDPOINT ?? ""));
    await button("Copy with the secret").click();
    await until(async () => (await clipboard()).includes(write("MSI_SECRET", emulator.env.MSI_SECRET ?? "")));
  });

  it("arms a fault with all that can be said of it, shows what is left of it, and clears it", async () => {
    await page.getByLabel("Fault", { exact: true }).selectOption("slow-headers");
    await shows(page.locator("#fault-advice"), "A good client: Wait within a time limit per attempt");
    await page.getByLabel("delayInMs").fill("5");
    await page.getByRole("spinbutton", { name: "Requests" }).fill("2");
    await page.getByRole("spinbutton", { name: "Seconds" }).fill("90");
    await page.getByText("Only for some requests").click();
    await page.getByLabel("Of the identity").selectOption("user-assigned");
    await page.getByLabel("For the resource").fill(vault);
    await button("Arm").click();
    const { clientId = "" } = emulator.identities.userAssigned[0] ?? {};
    expect(await armed()).toEqual([
      expect.objectContaining({
        name: "slow-headers",
        times: 2,
        until: expect.any(Number),
        identity: clientId,
        resource: vault,
        parameters: { delayInMs: 5 },
      }),
    ]);
    await shows(page.locator("#armed"), "the next 2 requests");
    await ask(emulator, { client_id: clientId });
    await shows(page.locator("#armed"), "the next request");
    await shows(rows().first(), "slow-headers");
    emulator.clock.advance(80_000);
    await shows(
      page.locator("#armed"),
      /· (9|10) s left · of user-assigned · for https:\/\/vault\.azure\.net · delayInMs 5/,
    );
    await button("Clear slow-headers").click();
    await page.locator("#armed li").waitFor({ state: "detached" });
    expect(emulator.faults.armed()).toEqual([]);
  });

  it("clears all faults at once, and forgets one whose time is over", async () => {
    emulator.faults.arm("html");
    emulator.faults.arm("empty");
    await button("Clear all").click();
    await until(() => emulator.faults.armed().length === 0);
    emulator.faults.arm("outage", { forInMs: hour });
    await shows(page.locator("#armed"), "outage");
    emulator.clock.advance(hour);
    await page.locator("#armed li").waitFor({ state: "detached" });
  });

  it("offers every fault, and says why one cannot be armed", async () => {
    const offered = await page.getByLabel("Fault", { exact: true }).locator("option").allTextContents();
    expect(offered).toEqual(emulator.faults.list().map(({ name }) => name));
    emulator.clock.freeze();
    await page.getByLabel("Fault", { exact: true }).selectOption("not-listening");
    await button("Arm").click();
    await shows(page.getByRole("status"), "While the clock stands still");
    await page.waitForFunction(() => document.querySelector("#drift")?.textContent?.startsWith("stands still"));
    expect(visitor.problems.splice(0)).toEqual([expect.stringContaining("409 (Conflict)")]);
  });

  it("moves the clock, stops it, sets it, and lets it go back to real time", async () => {
    await button("+1 h").click();
    await shows(page.locator("#drift"), "1 h ahead");
    await button("Freeze").click();
    await shows(page.locator("#drift"), "stands still");
    expect(emulator.clock.frozen).toBe(true);
    await page.getByLabel("Set the clock to this time").fill("2030-06-20T12:00:00");
    await button("Set").click();
    await shows(page.locator("#now"), "2030-06-20 12:00:00 UTC");
    expect(emulator.clock.now()).toBe(Date.UTC(2030, 5, 20, 12));
    await button("Run").click();
    await until(() => !emulator.clock.frozen);
    await button("Real time").click();
    await shows(page.locator("#drift"), "real time");
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(5000);
  });

  it("rotates the secret, and brings everything back to the start", async () => {
    const first = emulator.env.IDENTITY_HEADER;
    await button("Rotate the secret").click();
    await until(() => emulator.env.IDENTITY_HEADER !== first);
    emulator.faults.arm("hang");
    await button("Reset").click();
    await shows(page.getByRole("status"), "Everything is as at the start.");
    expect([emulator.faults.armed(), emulator.env.IDENTITY_HEADER === first]).toEqual([[], true]);
  });

  it("leaves a field and what has the focus alone when news come", async () => {
    await ask(emulator);
    await rows().first().getByRole("button").click();
    await page.getByRole("spinbutton", { name: "Requests" }).fill("7");
    await button("Copy client id of user-assigned").focus();
    await ask(emulator, { resource: storage });
    emulator.faults.arm("html");
    await shows(page.locator("#armed"), "html");
    await rows().nth(1).waitFor();
    expect(await page.getByRole("spinbutton", { name: "Requests" }).inputValue()).toBe("7");
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe("Copy client id of user-assigned");
    expect(await page.locator("tr.detail:visible").count()).toBe(1);
  });

  it("lets no script in that is not its own", async () => {
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'broken'";
      document.body.append(script);
    });
    expect(await page.title()).toBe("Managed identity emulator");
    expect(visitor.problems.splice(0)).toEqual([expect.stringContaining("Content Security Policy")]);
  });
});
