import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type HostName, startEmulator } from "@appservice-msi/emulator";
import { describe, expect, it } from "vitest";
import { call, start } from "./play-terminal.ts";

const bin = fileURLToPath(new URL("bin.ts", import.meta.resolve("@appservice-msi/cli")));

/** A command that runs a program. */
function node(program: string): string[] {
  return [process.execPath, "--eval", program];
}

const printEnv = node("console.log(JSON.stringify(process.env))");

/** Asks the endpoint, with what else belongs into the query, and prints the answer's status and `client_id`. */
function askEndpoint(query = ""): string[] {
  return node(`
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = process.env;
    const url = IDENTITY_ENDPOINT + "?api-version=2019-08-01&resource=https://vault.azure.net${query}";
    const answer = await fetch(url, { headers: { "x-identity-header": IDENTITY_HEADER } });
    console.log(answer.status, (await answer.json()).client_id);
  `);
}

async function envOf(args: readonly string[], env: Record<string, string> = {}): Promise<Record<string, string>> {
  const { exitCode, stdout } = await call(["exec", ...args, "--", ...printEnv], { env });
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}

function pathsOf(env: Record<string, string | undefined>): string[] {
  return [env["IDENTITY_ENDPOINT"], env["MSI_ENDPOINT"]].map((url) => (url === undefined ? "" : new URL(url).pathname));
}

describe("exec", () => {
  it.each<HostName>([
    "app-service-linux",
    "app-service-windows",
    "functions-linux-consumption",
    "container-apps",
    "azure-ml",
  ])("gives a command the variables that %s sets, and the way to the emulator", async (host) => {
    await using emulator = await startEmulator({ host });
    const given = await envOf(["--host", host]);
    expect(Object.keys(given).toSorted()).toEqual([...Object.keys(emulator.env), "APPSERVICE_MSI_EMULATOR"].toSorted());
    expect(pathsOf(given)).toEqual(pathsOf({ ...emulator.env }));
  });

  it("gives a free port and a fresh secret to the command, and to nobody else", async () => {
    const env = { GREETING: "hello" };
    const before = { ...process.env };
    const [one, other] = await Promise.all([envOf([], env), envOf([], env)]);
    expect(one["IDENTITY_ENDPOINT"]).not.toBe(other["IDENTITY_ENDPOINT"]);
    expect(one["IDENTITY_HEADER"]).not.toBe(other["IDENTITY_HEADER"]);
    expect(one["GREETING"]).toBe("hello");
    expect(env).toEqual({ GREETING: "hello" });
    expect(process.env).toEqual(before);
  });

  it("takes the variables of another endpoint away, in any letter case", async () => {
    const foreign = {
      identity_endpoint: "http://foreign",
      IDENTITY_HEADER: "foreign",
      MSI_ENDPOINT: "http://foreign",
      Msi_Secret: "foreign",
      IDENTITY_SERVER_THUMBPRINT: "foreign",
      IMDS_ENDPOINT: "http://foreign",
      DEFAULT_IDENTITY_CLIENT_ID: "foreign",
      APPSERVICE_MSI_EMULATOR: "http://foreign",
    };
    expect(JSON.stringify(await envOf(["--host", "container-apps"], foreign))).not.toContain("foreign");
  });

  it("stops the emulator when the command has ended", async () => {
    const { IDENTITY_ENDPOINT = "" } = await envOf([]);
    await expect(fetch(IDENTITY_ENDPOINT)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });

  it("leads the command's input and outputs through", async () => {
    const program = 'process.stdin.pipe(process.stdout); console.error("words")';
    const outcome = await call(["exec", "--", ...node(program)], { input: "data" });
    expect(outcome).toEqual({ exitCode: 0, stdout: "data", stderr: "words\n" });
  });

  it("serves the children of the command as well", async () => {
    const program = `
      const { fork } = require("node:child_process");
      const args = ["token", "-r", "storage", "-o", "raw"];
      fork(${JSON.stringify(bin)}, args).on("exit", (code) => process.exit(code + 40));
    `;
    const { exitCode, stdout, stderr } = await call(["exec", "--", ...node(program)]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 40, stderr: "" });
    expect(stdout).toMatch(/^eyJ\S+\n$/);
  });

  it("leaves what stands after the command's name to the command", async () => {
    const { exitCode, stdout } = await call(["exec", process.execPath, "--print", "1 + 1"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "2\n" });
  });
});

describe("The options of exec", () => {
  const clientId = "00001111-aaaa-4222-8bbb-3333cccc4444";

  it.each([
    ["--fault", "status-503", "", "503 undefined\n"],
    ["--fault", "hang,resource=storage", "", "200 a0000000-0000-4000-8000-000000000001\n"],
    ["--user-assigned", `orders,clientId=${clientId}`, `&client_id=${clientId}`, `200 ${clientId}\n`],
    ["--no-system-assigned", undefined, "", "400 undefined\n"],
    ["--tokens-from", "emulator", "", "200 a0000000-0000-4000-8000-000000000001\n"],
  ])("reach the emulator: %s %s", async (flag, value, query, expected) => {
    const argv = ["exec", flag, ...(value === undefined ? [] : [value]), "--", ...askEndpoint(query)];
    expect(await call(argv)).toEqual({ exitCode: 0, stdout: expected, stderr: "" });
  });

  it("are refused before the command runs", async () => {
    const { exitCode, stdout, stderr } = await call(["exec", "--fault", "hnag", "--", ...printEnv]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(
      /There is no fault "hnag"\. Did you mean hang\?\nUsage: appservice-msi exec \[options\] -- <command\.\.\.>\n$/,
    );
  });

  it("say on standard error that tokens are real", async () => {
    const { exitCode, stdout, stderr } = await call(["exec", "--tokens-from", "azure-cli", "--", ...node("")]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toBe("The tokens are real ones, your own, from azure-cli.\n");
  });

  it("are asked for when AZURE_CLIENT_ID names an identity that the emulator lacks", async () => {
    const env = { AZURE_CLIENT_ID: clientId };
    const { exitCode, stderr } = await call(["exec", "--", ...node("")], { env });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      new RegExp(
        `^AZURE_CLIENT_ID is ${clientId}, and this emulator has no .* pass --user-assigned app,clientId=${clientId}\\.\n$`,
      ),
    );
    const withIt = ["exec", "--user-assigned", `app,clientId=${clientId.toUpperCase()}`, "--", ...node("")];
    expect((await call(withIt, { env })).stderr).toBe("");
  });
});

describe("The exit code of exec", () => {
  it.each([
    ["its command's own", node("process.exit(7)"), 7],
    ["128 and the signal that ended its command", node('process.kill(process.pid, "SIGKILL")'), 137],
    ["127 when there is no such command", ["no-such-command"], 127],
  ])("is %s", async (_what, command, exitCode) => {
    expect((await call(["exec", "--", ...command])).exitCode).toBe(exitCode);
  });

  it("is 126 for a file that may not be run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "exec-"));
    const file = join(folder, "app");
    writeFileSync(file, "");
    chmodSync(file, 0o644);
    const { exitCode, stdout, stderr } = await call(["exec", "--", file]);
    rmSync(folder, { recursive: true });
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 126,
      stdout: "",
      stderr: `appservice-msi: "${file}" may not be run.\n`,
    });
  });
});

describe("A signal to exec", () => {
  const waiting = node(`
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"]) {
      process.on(signal, () => {
        console.log(signal);
        setTimeout(() => process.exit(9), signal === "SIGTERM" ? 0 : 60_000);
      });
    }
    setInterval(() => {}, 60_000);
    console.log("waiting");
  `);

  it.each(["SIGINT", "SIGHUP", "SIGUSR2"] as const)("reaches the command: %s", async (signal) => {
    const running = start(["exec", "--", ...waiting]);
    await running.stdout.until(/waiting/);
    expect(running.signal(signal)).toBe(true);
    await running.stdout.until(new RegExp(signal));
    running.signal("SIGTERM");
    expect(await running.outcome).toEqual({ exitCode: 9, stdout: `waiting\n${signal}\nSIGTERM\n`, stderr: "" });
  });

  it("is not sent twice by Ctrl-C, which reaches the command by itself", async () => {
    const running = start(["exec", "--", ...waiting], { isTerminal: true });
    await running.stdout.until(/waiting/);
    expect(running.signal("SIGINT")).toBe(true);
    running.signal("SIGTERM");
    expect(await running.outcome).toEqual({ exitCode: 9, stdout: "waiting\nSIGTERM\n", stderr: "" });
  });

  it("is waited out while the command takes its time, however often it comes", async () => {
    const running = start(["exec", "--", ...waiting]);
    await running.stdout.until(/waiting/);
    for (const count of [1, 2, 3]) {
      running.signal("SIGINT");
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await running.stdout.until(new RegExp(`(SIGINT\\n){${count}}`));
    }
    running.signal("SIGTERM");
    expect((await running.outcome).exitCode).toBe(9);
  });
});
