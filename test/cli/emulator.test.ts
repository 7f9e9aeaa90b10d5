import { connectEmulator } from "@appservice-msi/emulator";
import { describe, expect, it } from "vitest";
import { call, type RunningCall, start } from "./play-terminal.ts";

interface Announced {
  readonly url: string;
  readonly dashboardUrl: string;
  readonly env: Record<string, string>;
  readonly identities: { readonly userAssigned: readonly { readonly name: string; readonly clientId: string }[] };
}

/** Starts an emulator, waits for what it says on one line, and stops it in the end. */
async function withEmulator(
  args: readonly string[],
  use: (announced: Announced, running: RunningCall) => Promise<void>,
): Promise<void> {
  const running = start(["emulator", "-o", "json", ...args]);
  try {
    const [line] = await running.stdout.until(/^.*\n/);
    await use(JSON.parse(line), running);
  } finally {
    running.signal("SIGINT");
    expect((await running.outcome).exitCode).toBe(0);
  }
}

describe("emulator", () => {
  it("gives tokens to whoever has the variables it prints, until it is stopped", async () => {
    let variables: Record<string, string> = {};
    await withEmulator([], async ({ env }) => {
      variables = env;
      expect((await call(["token", "-r", "storage"], { env })).exitCode).toBe(0);
    });
    expect((await call(["token", "-r", "storage", "--timeout", "0.3"], { env: variables })).exitCode).toBe(4);
  });

  it("prints lines for shells and Docker, and the address of its page", async () => {
    const running = start(["emulator", "--host", "container-apps"]);
    await running.stderr.until(/Press Ctrl-C to stop/);
    running.signal("SIGTERM");
    const { exitCode, stdout, stderr } = await running.outcome;
    expect(exitCode).toBe(0);
    const [, url, key] = /Page +(http:\/\/127\.0\.0\.1:\d+\/_emulator\/)#key=(\S+)\n/.exec(stderr) ?? [];
    const endpoint = url?.replace("_emulator/", "msi/token");
    expect(stdout).toContain(`# bash, zsh\nexport IDENTITY_ENDPOINT='${endpoint}'\nexport IDENTITY_HEADER='`);
    expect(stdout).toContain(
      `\nexport MSI_ENDPOINT='${endpoint}'\nexport APPSERVICE_MSI_EMULATOR='${url}#key=${key}'\n`,
    );
    expect(stdout).toContain(`# PowerShell\n$env:IDENTITY_ENDPOINT = '${endpoint}'\n`);
    expect(stdout).toContain(`# Docker\ndocker run --network host \\\n  -e IDENTITY_ENDPOINT='${endpoint}' \\\n`);
    expect(stdout).not.toContain("MSI_SECRET");
  });

  it.each([
    ["bash", /^(?:export \w+='[^']+'\n)+$/],
    ["powershell", /^(?:\$env:\w+ = '[^']+'\n)+$/],
    ["docker", /^docker run --network host \\\n(?: {2}-e \w+='[^']+' \\\n)+ {2}<image>\n$/],
  ])("prints lines for %s alone", async (format, lines) => {
    const running = start(["emulator", "-o", format]);
    await running.stderr.until(/Press Ctrl-C to stop/);
    running.signal("SIGINT");
    expect((await running.outcome).stdout).toMatch(lines);
  });

  it("has the identities that are wanted, and no other", async () => {
    const clientId = "00001111-aaaa-4222-8bbb-3333cccc4444";
    const args = ["--no-system-assigned", "--user-assigned", `orders,clientId=${clientId}`, "--user-assigned", "mail"];
    await withEmulator(args, async ({ identities }) => {
      expect(identities).toMatchObject({ userAssigned: [{ name: "orders", clientId }, { name: "mail" }] });
      expect(identities).not.toHaveProperty("systemAssigned");
    });
  });

  it("shows an identity's name without what would steer the terminal or turn its direction", async () => {
    const running = start(["emulator", "--user-assigned", "or\u202Eders\u001B[2J,clientId=a\u2066b"]);
    await running.stderr.until(/Press Ctrl-C to stop/);
    running.signal("SIGINT");
    const { stderr } = await running.outcome;
    expect(stderr).toMatch(/orders\[2J +client id ab\n/);
  });

  it("begins with the faults that are wanted", async () => {
    const args = ["--fault", "status-429,times=2,retryAfterInSeconds=1", "--fault", "hang,resource=keyVault"];
    await withEmulator(args, async ({ dashboardUrl }) => {
      await using remote = await connectEmulator(dashboardUrl);
      expect(await remote.faults.armed()).toMatchObject([
        { name: "status-429", times: 2, parameters: { retryAfterInSeconds: 1 } },
        { name: "hang", resource: "https://vault.azure.net" },
      ]);
    });
  });

  it("shows requests as they come, unless it is to be quiet", async () => {
    await withEmulator(["--fault", "status-503"], async ({ env }, running) => {
      await call(["doctor"], { env });
      await running.stderr.until(
        /^\d\d:\d\d:\d\dZ {2}503 {3}2019-08-01 +\d+ ms {2}https:\/\/management\.azure\.com {2}system-assigned {2}fault status-503$/m,
      );
    });
    await withEmulator(["--quiet"], async ({ env }, running) => {
      await call(["token", "-r", "storage"], { env });
      expect(running.stderr.text).toBe("Press Ctrl-C to stop.\n\n");
    });
  });

  it("shows neither secret nor token while it runs", async () => {
    await withEmulator([], async ({ env }, running) => {
      await call(["token", "-r", "storage"], { env });
      await running.stderr.until(/storage/);
      expect(running.stderr.text).not.toContain(env["IDENTITY_HEADER"]);
      expect(running.stderr.text).not.toMatch(/eyJ/);
    });
  });

  it("says so when its port is taken", async () => {
    await withEmulator([], async ({ url }) => {
      const { exitCode, stdout, stderr } = await call(["emulator", "--port", new URL(url).port]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(/^appservice-msi: Port \d+ is in use: /);
    });
  });

  it.each([
    [["--fault", "status-42"], 'There is no fault "status-42". Did you mean status-'],
    [["--fault", "hang,times=0"], "Times is a whole number, 1 or more."],
    [["--fault", "hang,times=x"], 'times takes a number, not "x".'],
    [["--fault", "hang,twice"], '"twice" is no setting. Write it as key=value.'],
    [["--fault", "hang,colour=red"], 'The fault hang has no parameter "colour"'],
    [["--user-assigned", ""], "Write it as name[,clientId=…]"],
    [["--user-assigned", "a,colour=red"], "Write it as name[,clientId=…]"],
    [["--user-assigned", "a", "--user-assigned", "a"], "have the same clientId"],
    [["--host", "vm"], "argument 'vm' is invalid. Allowed choices are app-service-linux"],
  ])("refuses %j", async (args, message) => {
    const { exitCode, stdout, stderr } = await call(["emulator", ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\nUsage: appservice-msi emulator \[options\]\n$/);
  });
});
