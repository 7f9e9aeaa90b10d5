import { startEmulator } from "@appservice-msi/emulator";
import { describe, expect, it } from "vitest";
import { call } from "./play-terminal.ts";

describe("fault arm", () => {
  it("arms a fault of a running emulator, which the next requests meet", async () => {
    await using emulator = await startEmulator();
    const env = { APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl };
    const { exitCode, stdout } = await call(["fault", "arm", "status-429", "times=2", "retryAfterInSeconds=1"], {
      env,
    });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: "Armed 1: status-429 (retryAfterInSeconds=1), for 2 requests\n",
    });
    expect(emulator.faults.armed()).toMatchObject([{ name: "status-429", times: 2 }]);
  });

  it("takes the emulator's address as an option, a short name for the resource, and prints an object", async () => {
    await using emulator = await startEmulator();
    const args = [
      "fault",
      "arm",
      "hang",
      "resource=storage",
      "forInMs=60000",
      "-e",
      emulator.dashboardUrl,
      "-o",
      "json",
    ];
    const { stdout } = await call(args);
    expect(JSON.parse(stdout)).toEqual(emulator.faults.armed()[0]);
    expect(emulator.faults.armed()).toMatchObject([
      { resource: "https://storage.azure.com", until: expect.any(Number) },
    ]);
  });

  it.each([
    [["statsu-429"], 'There is no fault "statsu-429". Did you mean status-429?'],
    [["hang", "times=-1"], 'times takes a number, not "-1".'],
    [["hang", "times=0"], "Times is a whole number, 1 or more"],
    [["hang", "times=1", "times=2"], "times is given twice."],
  ])("refuses %j", async (args, message) => {
    await using emulator = await startEmulator();
    const env = { APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl };
    const { exitCode, stdout, stderr } = await call(["fault", "arm", ...args], { env });
    expect({ exitCode, stdout, armed: emulator.faults.armed() }).toEqual({ exitCode: 2, stdout: "", armed: [] });
    expect(stderr).toContain(message);
  });
});

describe("fault list", () => {
  it("shows all faults, and what is armed", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("slow-headers", { times: 1 });
    const env = { APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl };
    const { stdout } = await call(["fault", "list"], { env });
    expect(stdout).toMatch(/^Armed 1: slow-headers \(delayInMs=2000\), for 1 request\n\nFault +What happens\n/);
    for (const { name } of emulator.faults.list()) {
      expect(stdout).toMatch(new RegExp(`\n${name} +`));
    }
    const json = await call(["fault", "list", "-o", "json"], { env });
    expect(JSON.parse(json.stdout)).toEqual({ known: emulator.faults.list(), armed: emulator.faults.armed() });
  });

  it("needs no emulator to say what there is", async () => {
    const { exitCode, stdout } = await call(["fault", "list"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Fault +What happens\n[^]*\nhang +no answer, ever\n/);
  });
});

describe("fault clear", () => {
  it.each([
    [[], 3],
    [["hang"], 2],
    [["2"], 1],
  ])("clears with %j so many of three: %i", async (which, count) => {
    await using emulator = await startEmulator();
    emulator.faults.arm("hang");
    emulator.faults.arm("html");
    emulator.faults.arm("hang");
    const env = { APPSERVICE_MSI_EMULATOR: emulator.dashboardUrl };
    const { exitCode, stdout, stderr } = await call(["fault", "clear", ...which], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toBe(count === 1 ? "1 fault is cleared.\n" : `${count} faults are cleared.\n`);
    expect(emulator.faults.armed().length).toBe(3 - count);
  });

  it("refuses a name that there is not", async () => {
    await using emulator = await startEmulator();
    const { exitCode, stderr } = await call(["fault", "clear", "hnag", "-e", emulator.dashboardUrl]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Did you mean hang?");
  });
});

describe("A command for a running emulator", () => {
  it.each([[["fault", "arm", "hang"]], [["fault", "clear"]], [["journal"]]])(
    "%j exits with 3 when none is named",
    async (argv) => {
      const { exitCode, stdout, stderr } = await call(argv);
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
      expect(stderr).toMatch(/^appservice-msi: No emulator is named\. Start one with appservice-msi emulator;/);
    },
  );

  it("exits with 4 when it is gone", async () => {
    const emulator = await startEmulator();
    await emulator.close();
    const { exitCode, stderr } = await call(["journal", "-e", emulator.dashboardUrl]);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/^appservice-msi: No emulator answers at http:\/\/127\.0\.0\.1:\d+: /);
  });

  it.each([[["fault", "arm", "hang"]], [["fault", "clear"]], [["fault", "list"]], [["journal"]]])(
    "tells with %j that not-listening closes the port",
    async (args) => {
      await using emulator = await startEmulator();
      emulator.faults.arm("not-listening", { forInMs: 60_000 });
      const { exitCode, stderr } = await call([...args, "-e", emulator.dashboardUrl]);
      expect(exitCode).toBe(4);
      expect(stderr).toMatch(/ECONNREFUSED.*\. Is it still running\? If the fault not-listening is armed, .*: wait/);
    },
  );

  it("exits with 5 when the key is wrong, and does not repeat it", async () => {
    await using emulator = await startEmulator();
    const { exitCode, stderr } = await call(["journal", "-e", `${emulator.url}/_emulator/#key=wrong-key`]);
    expect(exitCode).toBe(5);
    expect(stderr).not.toContain("wrong-key");
  });

  it.each([
    ["localhost", "The emulator's address is no URL."],
    ["http://127.0.0.1:1/", "The key is missing"],
  ])("exits with 2 for the address %s", async (address, message) => {
    const { exitCode, stderr } = await call(["journal", "-e", address]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
