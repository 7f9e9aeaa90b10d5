import { startEmulator } from "@appservice-msi/emulator";
import { describe, expect, it } from "vitest";
import { call, start } from "./play-terminal.ts";

const commands = [
  "token",
  "whoami",
  "env",
  "doctor",
  "emulator",
  "exec",
  "fault",
  "fault list",
  "fault arm",
  "fault clear",
  "journal",
  "completion",
];

describe("The help", () => {
  it("lists the commands and exit codes", async () => {
    const { exitCode, stdout, stderr } = await call(["--help"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const [name = ""] of commands.map((command) => command.split(" "))) {
      expect(stdout).toMatch(new RegExp(`\n  ${name} +[A-Z]`));
    }
    expect(stdout).toMatch(/\n {2}6 +the endpoint failed/);
    expect(stdout).not.toMatch(/\n {2}complete /);
  });

  it.each(commands)("of %s is there by --help and by help, with an example", async (command) => {
    const byOption = await call([...command.split(" "), "--help"]);
    expect(byOption).toMatchObject({ exitCode: 0, stderr: "" });
    expect(byOption.stdout).toMatch(new RegExp(`^Usage: appservice-msi ${command} `));
    expect(byOption.stdout).toMatch(/\nExamples:\n {2}# .+\n {2}.*appservice-msi /);
    if (!command.includes(" ")) {
      expect(await call(["help", command])).toEqual(byOption);
    }
  });

  it("keeps to the width of the terminal, and to its colours", async () => {
    const narrow = await call(["doctor", "--help"], { isTerminal: true, columns: 60, env: { NO_COLOR: "1" } });
    const options = narrow.stdout.slice(0, narrow.stdout.indexOf("Examples:"));
    expect(Math.max(...options.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
    const colourful = await call(["doctor", "--help"], { isTerminal: true });
    expect(colourful.stdout).toContain("\u001b[1mUsage:");
    expect(narrow.stdout).not.toContain("\u001b");
  });

  it("tells the version", async () => {
    expect(await call(["--version"])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

describe("Wrong use", () => {
  it.each([
    [["tokne"], "unknown command 'tokne' (Did you mean token?)", "<command> [options]"],
    [["faults", "--help"], "unknown command 'faults' (Did you mean fault?)", "<command> [options]"],
    [["help", "faults"], "unknown command 'faults' (Did you mean fault?)", "<command> [options]"],
    [["fault", "amr", "-h"], "unknown command 'amr' (Did you mean arm?)", "fault <command> [options]"],
    [["fault", "amr"], "unknown command 'amr' (Did you mean arm?)", "fault <command> [options]"],
    [["token", "--resorce", "x"], "unknown option '--resorce' (Did you mean --resource?)", "token [options]"],
    [["token"], "required option '-r, --resource <resource>' not specified", "token [options]"],
    [["token", "-r"], "option '-r, --resource <resource>' argument missing", "token [options]"],
    [
      ["token", "-r", "sql", "-o", "xml"],
      "option '-o, --output <format>' argument 'xml' is invalid.",
      "token [options]",
    ],
    [
      ["token", "-r", "sql", "--timeout", "x"],
      "option '--timeout <seconds>' argument 'x' is invalid.",
      "token [options]",
    ],
    [["emulator", "-p", "1.5"], "It takes a whole number from 0 to 65535.", "emulator [options]"],
    [["doctor", "now"], "too many arguments for 'doctor'.", "doctor [options]"],
    [["exec"], "missing required argument 'command'", "exec [options] -- <command...>"],
    [["completion", "tcsh"], "'tcsh' is invalid for argument 'shell'.", "completion [options] <shell>"],
  ])("%j exits with 2, one line and the usage", async (argv, message, usage) => {
    const { exitCode, stdout, stderr } = await call(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(/^appservice-msi: /),
      `Usage: appservice-msi ${usage}`,
      "",
    ]);
  });

  it.each([[[]], [["fault"]]])("%j shows the help where errors go", async (argv) => {
    const { exitCode, stdout, stderr } = await call(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: appservice-msi .*<command> \[options\]\n[^]*Commands:/);
  });
});

describe("An error", () => {
  it("has no stack, unless --verbose asks for it", async () => {
    const brief = await call(["token", "-r", "storage"]);
    expect(brief.stderr).not.toMatch(/\n\s+at /);
    const verbose = await call(["token", "-r", "storage", "--verbose"]);
    expect(verbose.stderr).toMatch(/\n\s+at /);
    expect(verbose.exitCode).toBe(brief.exitCode);
  });

  it("lets the endpoint's words not steer the terminal", async () => {
    const env = { IDENTITY_ENDPOINT: "http://127.0.0.1:1/\u001b[31m", IDENTITY_HEADER: "x" };
    const { stderr } = await call(["token", "-r", "https://\u001b]0;owned\u0007.net", "--timeout", "0.2"], { env });
    expect(stderr).not.toContain("\u001b");
  });
});

describe("A reader that goes away", () => {
  it("is no error", async () => {
    await using emulator = await startEmulator();
    const running = start(["token", "-r", "storage"], { env: emulator.env });
    running.stdout.break();
    expect(await running.outcome).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("ends a command that would go on", async () => {
    const running = start(["emulator", "--quiet"]);
    running.stdout.break();
    expect(await running.outcome).toMatchObject({ exitCode: 0 });
  });
});

describe("A signal", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends a wait with %i, and says nothing", async (signal, exitCode) => {
    await using emulator = await startEmulator();
    emulator.faults.arm("hang");
    const running = start(["token", "-r", "storage"], { env: emulator.env });
    await emulator.journal.next();
    expect(running.signal(signal)).toBe(true);
    expect(await running.outcome).toEqual({ exitCode, stdout: "", stderr: "" });
  });

  it("ends the wait for standard input", async () => {
    const running = start(["whoami", "-"]);
    running.signal("SIGINT");
    expect(await running.outcome).toEqual({ exitCode: 130, stdout: "", stderr: "" });
  });

  it("that comes a second time is left to the system", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("hang");
    const running = start(["doctor"], { env: emulator.env });
    expect(running.signal("SIGINT")).toBe(true);
    expect(running.signal("SIGINT")).toBe(false);
    expect((await running.outcome).exitCode).toBe(130);
  });
});

describe("The progress line", () => {
  it("shows on a terminal when something takes longer than a second, and goes", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("slow-headers", { delayInMs: 1300, times: 1 });
    const world = { env: emulator.env, isTerminal: true };
    const { stdout, stderr } = await call(["token", "-r", "storage", "-o", "raw"], world);
    const [toStart, clearLine] = ["\u001b[1G", "\u001b[2K"];
    expect(stderr.startsWith(`${toStart}Waiting for the identity endpoint … 1 s`)).toBe(true);
    expect(stderr.endsWith(`${clearLine}${toStart}`)).toBe(true);
    expect(stdout).toMatch(/^eyJ/);
  });

  it("does not show elsewhere", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("slow-headers", { delayInMs: 1300, times: 1 });
    const { stderr } = await call(["token", "-r", "storage"], { env: emulator.env });
    expect(stderr).toBe("");
  });
});
