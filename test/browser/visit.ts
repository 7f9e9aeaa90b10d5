import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { vi } from "vitest";

/** How long anything on the page may take, on a machine that is busy with others. */
const patienceInMs = 10_000;

/** A page in a browser profile of its own, watched while it is open. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings of the console, violations of the content security policy among them, and uncaught exceptions. */
  readonly problems: string[];
  /** Everything that has come over the network so far, also of answers that have no end. */
  received(): string;
}

/** Opens a page as a person does who was given the address. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    permissions: ["clipboard-read", "clipboard-write"],
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceInMs);
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      problems.push(message.text());
    }
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  const received = await record(page);
  await page.goto(url);
  return { page, problems, received, [Symbol.asyncDispose]: () => context.close() };
}

/** Waits until something is there, or holds, and returns it. */
export async function until<Value>(look: () => Value | Promise<Value>): Promise<Awaited<Value>> {
  return (await vi.waitUntil(look, { timeout: patienceInMs })) as Awaited<Value>;
}

function ignore(): void {}

/** Playwright gives the body of an answer that has ended; the protocol beneath it, the events of one that goes on. */
async function record(page: Page): Promise<() => string> {
  let text = "";
  const add = (base64: string | undefined): void => void (text += Buffer.from(base64 ?? "", "base64").toString());
  page.on("requestfinished", (request) => {
    const body = request.response().then((response) => response?.text());
    body.then((answer) => (text += answer ?? ""), ignore);
  });
  const session = await page.context().newCDPSession(page);
  session.on("Network.dataReceived", ({ data }) => add(data));
  session.on("Network.responseReceived", ({ requestId, response }) => {
    text += JSON.stringify(response.headers);
    session.send("Network.streamResourceContent", { requestId }).then(({ bufferedData }) => add(bufferedData), ignore);
  });
  await session.send("Network.enable");
  return () => text;
}
