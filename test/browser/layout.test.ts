import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChromium, whyNoBrowser } from "./chromium.ts";
import { ask } from "./requests.ts";
import { type Visit, visit } from "./visit.ts";

let browser: Browser;
let emulator: Emulator;

beforeAll(async () => {
  if (whyNoBrowser === undefined) {
    [browser, emulator] = await Promise.all([startChromium(), startEmulator()]);
    await ask(emulator);
    await ask(emulator, { resource: `https://${"long".repeat(60)}.example`, secret: "wrong" });
    await ask(emulator, { client_id: "5f2d91c0-7a41-4b8e-9d02-41c6e8a70b13" });
    emulator.clock.advance(100_000_000);
    emulator.faults.arm("status-503", { times: 3, resource: `https://${"long".repeat(40)}.example` });
    emulator.faults.arm("short-token", { forInMs: 600_000, identity: "user-assigned" });
  }
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await emulator?.close();
});

/** The page with everything on it that it can show, rows opened. */
async function open(options: BrowserContextOptions): Promise<Visit> {
  const opened = await visit(browser, emulator.dashboardUrl, options);
  await opened.page.locator("#armed li").nth(1).waitFor();
  for (const row of await opened.page.locator("tr.request").all()) {
    // oxlint-disable-next-line no-await-in-loop -- one after another, as a hand does
    await row.getByRole("button").click();
  }
  return opened;
}

interface Contrast {
  readonly text: string;
  readonly ratio: number;
}

/** The text on the page with the least contrast to what is behind it, by the formula of WCAG. */
async function leastContrast(page: Page): Promise<Contrast> {
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
    const luminance = (colors: string[]): number => {
      canvas.clearRect(0, 0, 1, 1);
      for (const color of colors) {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
      }
      const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
        const part = byte / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const backgrounds = (element: Element | null): string[] =>
      element === null ? [] : [...backgrounds(element.parentElement), getComputedStyle(element).backgroundColor];
    const contrasts: { text: string; ratio: number }[] = [];
    for (const element of document.querySelectorAll<HTMLElement>("body *")) {
      const texts = [...element.childNodes].filter(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      if (texts.length > 0 && element.checkVisibility() && element.closest(".hidden, .skip, option") === null) {
        const behind = backgrounds(element);
        const [one, other] = [luminance([...behind, getComputedStyle(element).color]), luminance(behind)];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        contrasts.push({ text: element.textContent.slice(0, 60), ratio });
      }
    }
    return contrasts.reduce((least, each) => (each.ratio < least.ratio ? each : least));
  });
}

/** What has the focus, in words, and whether one sees that it has. */
async function focused(page: Page): Promise<{ name: string; seen: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const label = (element as HTMLInputElement).labels?.[0]?.textContent;
    const name = element.ariaLabel ?? label ?? element.textContent;
    const ring = [element, ...((element as HTMLInputElement).labels ?? [])].some(
      (each) => getComputedStyle(each).outlineStyle !== "none",
    );
    return { name: name.replaceAll(/\s+/g, " ").trim(), seen: ring && element.checkVisibility() };
  });
}

/** Presses a key until something has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    // oxlint-disable-next-line no-await-in-loop -- key after key
    await page.keyboard.press("Tab");
    // oxlint-disable-next-line no-await-in-loop -- key after key
    if ((await focused(page)).name === name) {
      return;
    }
  }
  throw new Error(`nobody gets to "${name}" with the Tab key`);
}

describe.skipIf(whyNoBrowser !== undefined)("the page, however it is looked at", () => {
  it.each(["light", "dark"] as const)("can be read in %s", async (colorScheme) => {
    await using opened = await open({ colorScheme });
    const dark = await opened.page.evaluate(
      () => getComputedStyle(document.body).backgroundColor === "rgb(15, 18, 23)",
    );
    expect(dark).toBe(colorScheme === "dark");
    const least = await leastContrast(opened.page);
    expect(least.ratio, least.text).toBeGreaterThan(4.5);
    expect(opened.problems).toEqual([]);
  });

  it.each([320, 380, 720, 1030, 1280])("is never wider than a window of %i pixels", async (width) => {
    await using opened = await open({ viewport: { width, height: 800 } });
    const wider = await opened.page.evaluate(() => {
      const edge = document.documentElement.clientWidth;
      const beyond = [...document.querySelectorAll("body *")].filter(
        (element) => element.getBoundingClientRect().right > edge + 0.5 && !element.closest("pre, .hidden, .skip"),
      );
      return [document.documentElement.scrollWidth - edge, beyond.map(({ outerHTML }) => outerHTML.slice(0, 80))];
    });
    expect(wider).toEqual([0, []]);
  });

  it("leads a narrow window to each part of the page, and keeps the key in the address", async () => {
    await using opened = await open({ viewport: { width: 380, height: 800 } });
    const { page } = opened;
    await page.getByRole("link", { name: "Variables" }).click();
    expect(
      await page.locator("#variables").evaluate((element) => element.getBoundingClientRect().top < innerHeight),
    ).toBe(true);
    expect(page.url()).toBe(emulator.dashboardUrl);
  });

  it("lets a keyboard reach everything, and shows where it is", async () => {
    await using opened = await visit(browser, emulator.dashboardUrl);
    const { page } = opened;
    await page.locator("#armed li").nth(1).waitFor();
    await page.locator("tr.request").nth(2).waitFor();
    await page.locator("details").evaluate((details: HTMLDetailsElement) => (details.open = true));
    // Of radio buttons, the Tab key reaches the chosen one.
    const wanted = await page
      .locator("button:visible, input:visible:not([type=radio]), input:checked, select:visible, summary, pre")
      .evaluateAll((elements) => elements.map(({ outerHTML }) => outerHTML.slice(0, 200)));

    const reached = new Set<string>();
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- key after key
      await page.keyboard.press("Tab");
      // oxlint-disable-next-line no-await-in-loop -- key after key
      const html = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? "");
      if (html.startsWith("<body")) {
        break;
      }
      // oxlint-disable-next-line no-await-in-loop -- key after key
      const { name, seen } = await focused(page);
      expect(seen, name).toBe(true);
      reached.add(html);
    }
    expect(wanted.length).toBeGreaterThan(30);
    expect(wanted.filter((html) => !reached.has(html))).toEqual([]);
  });

  it("can be worked with the keyboard alone", async () => {
    emulator.faults.clear();
    await using opened = await visit(browser, emulator.dashboardUrl);
    const { page } = opened;
    await page.locator("tr.request").first().waitFor();

    await page.keyboard.press("Tab");
    expect(await focused(page)).toEqual({ name: "Skip to the requests", seen: true });
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("requests");
    expect(page.url()).toBe(emulator.dashboardUrl);

    await tabTo(page, (await page.locator("button.toggle").first().textContent()) ?? "");
    await page.keyboard.press("Enter");
    await page.locator("tr.detail:visible").waitFor();

    await tabTo(page, "Fault");
    await page.keyboard.type("hang");
    await page.keyboard.press("Tab");
    await page.keyboard.type("3");
    await page.keyboard.press("Enter");
    await page.locator("#armed", { hasText: "hangthe next 3 requests" }).waitFor();
    expect(emulator.faults.armed()).toMatchObject([{ name: "hang", times: 3 }]);

    await tabTo(page, "bash");
    await page.keyboard.press("ArrowRight");
    await page.locator("#variables", { hasText: "$env:IDENTITY_ENDPOINT" }).waitFor();
  });
});
