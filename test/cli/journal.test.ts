import { type Emulator, startEmulator } from "@appservice-msi/emulator";
import { describe, expect, it } from "vitest";
import { call, start } from "./play-terminal.ts";

async function ask({ env }: Emulator, resource: string): Promise<void> {
  expect((await call(["token", "-r", resource], { env })).exitCode).toBe(0);
}

describe("journal", () => {
  it("shows who asked for what, and what came of it", async () => {
    await using emulator = await startEmulator();
    const env = { APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl };
    emulator.faults.arm("status-503", { times: 1, retryAfterInSeconds: 0 });
    await ask(emulator, "storage");
    const { exitCode, stdout, stderr } = await call(["journal"], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const [head, failed, granted] = stdout.split("\n");
    expect(head).toMatch(/^Time +Status +Resource +Identity +API version +Took +What happened$/);
    expect(failed).toMatch(
      /^20\S+Z +503 +https:\/\/storage\.azure\.com +system-assigned +2019-08-01 +\d+ m?s +fault status-503$/,
    );
    expect(granted).toMatch(/^20\S+Z +200 +https:\/\/storage\.azure\.com +system-assigned +2019-08-01 +\d+ m?s$/);
  });

  it("is a list of objects for programs", async () => {
    await using emulator = await startEmulator();
    await ask(emulator, "storage");
    const { stdout } = await call(["journal", "-e", emulator.dashboardUrl, "-o", "json"]);
    expect(JSON.parse(stdout)).toEqual(emulator.journal.list());
  });

  it("says so when nobody has asked", async () => {
    await using emulator = await startEmulator();
    const world = { env: { APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl } };
    expect(await call(["journal"], world)).toEqual({ exitCode: 0, stdout: "", stderr: "No requests yet.\n" });
    expect(await call(["journal", "-o", "json"], world)).toEqual({ exitCode: 0, stdout: "[]\n", stderr: "" });
  });
});

describe("journal --follow", () => {
  it("shows what was asked, then each request as it ends, until Ctrl-C", async () => {
    await using emulator = await startEmulator();
    await ask(emulator, "storage");
    const running = start(["journal", "--follow", "-o", "json", "-e", emulator.dashboardUrl]);
    await running.stdout.until(/storage/);
    await ask(emulator, "keyVault");
    await running.stdout.until(/vault/);
    running.signal("SIGINT");
    const { exitCode, stdout, stderr } = await running.outcome;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const entries = stdout.trimEnd().split("\n");
    expect(entries.map((line) => JSON.parse(line))).toEqual(emulator.journal.list());
  });

  it("ends with the emulator", async () => {
    const emulator = await startEmulator();
    const running = start(["journal", "--follow", "-e", emulator.dashboardUrl]);
    await ask(emulator, "storage");
    await running.stdout.until(
      /^\d\d:\d\d:\d\dZ {2}200 {3}2019-08-01 .* https:\/\/storage\.azure\.com {2}system-assigned$/m,
    );
    await emulator.close();
    expect(await running.outcome).toMatchObject({ exitCode: 0, stderr: "The emulator has stopped.\n" });
  });

  it("ends when nobody reads any more", async () => {
    await using emulator = await startEmulator();
    const running = start(["journal", "--follow", "-e", emulator.dashboardUrl]);
    running.stdout.break();
    await ask(emulator, "storage");
    expect(await running.outcome).toMatchObject({ exitCode: 0, stderr: "" });
  });
});
