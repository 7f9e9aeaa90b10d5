import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { EmulatorEnv } from "@appservice-msi/emulator";
import { SignJWT } from "jose";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChromium, whyNoBrowser } from "./chromium.ts";
import { ask } from "./requests.ts";
import { visit } from "./visit.ts";

type Command = ChildProcessByStdio<null, Readable, Readable>;

const command = fileURLToPath(new URL("bin.ts", import.meta.resolve("@appservice-msi/cli")));

let browser: Browser;
let folder: string;
let running: Command;
let token: string;

/** Starts the command where `az` is a script that hands out a token, and waits for its first words. */
async function start(): Promise<{ announced: { dashboardUrl: string; env: EmulatorEnv }; said: string }> {
  running = spawn(process.execPath, [command, "emulator", "--tokens-from", "azure-cli", "-o", "json"], {
    env: { PATH: [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [line, said] = await Promise.all([readLine(running.stdout), readLine(running.stderr)]);
  return { announced: JSON.parse(line), said };
}

async function readLine(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes("\n")) {
      break;
    }
  }
  return text;
}

describe.skipIf(whyNoBrowser !== undefined)("an emulator that hands out the developer's own tokens", () => {
  beforeAll(async () => {
    browser = await startChromium();
    folder = await mkdtemp(join(tmpdir(), "stand-in-az-"));
    token = await new SignJWT({
      aud: "https://vault.azure.net",
      oid: "the-developer",
      name: "Ada",
      upn: "ada@home.example",
    })
      .setProtectedHeader({ alg: "HS256" })
      .sign(new Uint8Array(32));
    const answer = { accessToken: token, expires_on: Math.floor(Date.now() / 1000) + 3600, tokenType: "Bearer" };
    await writeFile(join(folder, "az"), `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
    await chmod(join(folder, "az"), 0o755);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    if (running !== undefined) {
      running.kill("SIGTERM");
      await once(running, "exit");
    }
    await rm(folder, { recursive: true });
  });

  it("says so when it starts, on its page and beside each request, and shows neither token nor person", async () => {
    const { announced, said } = await start();
    expect(said).toContain("The tokens are real ones, your own, from azure-cli.");

    await using opened = await visit(browser, announced.dashboardUrl);
    const { page } = opened;
    await page.getByText("These tokens are your own, from azure-cli").waitFor();
    const [status, body] = await ask(announced);
    expect([status, JSON.parse(body).access_token]).toEqual([200, token]);

    const row = page.locator("tr.request").first();
    await row.getByText("your token, from azure-cli").waitFor();
    await row.getByRole("button").click();
    await page.locator("tr.detail").getByText("the-developer").waitFor();
    for (const hidden of ["Some Body", "some@body.example", ...token.split(".")]) {
      expect(await page.content()).not.toContain(hidden);
      expect(opened.received()).not.toContain(hidden);
    }
    expect(opened.problems).toEqual([]);
  });
});
