import { startEmulator } from "@appservice-msi/emulator";
import { describe, expect, it, vi } from "vitest";
import { hasTerminals, RealTerminal } from "./real-terminal.ts";

const ctrlC = "\u0003";
const colour = "\u001b[";

/** A command that tells how often Ctrl-C reaches it, and ends by itself at the first line it reads. */
const countingInterrupts = [
  process.execPath,
  "--eval",
  `let count = 0;
   process.on("SIGINT", () => console.log("Ctrl-C " + ++count));
   process.stdin.once("data", () => process.exit(9));
   console.log("ready");`,
];

// Without the tool there is no terminal to test at; the other tests play one.
describe.skipIf(!hasTerminals)("At a real terminal (by script of util-linux)", { concurrent: true }, () => {
  it("the doctor's diagnosis is in colours, and fits", async () => {
    const terminal = new RealTerminal(["doctor"]);
    expect(await terminal.exitCode).toBe(3);
    expect(terminal.written).toContain(`${colour}31mFAIL`);
    const shown = await terminal.show();
    expect(shown).toMatch(/^FAIL {2}The endpoint's variables are there: none of IDENTITY_ENDPOINT,$/m);
    expect(shown).toMatch(/^ {6}→ Assign an identity to the app and restart it\./m);
    expect(shown.split("\n").length).toBeLessThan(24);
  });

  it.each([[{ NO_COLOR: "1" }], [{ TERM: "dumb" }]])("there are no colours with %j", async (env) => {
    const terminal = new RealTerminal(["doctor", "--help"], env);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.written).toContain("Usage: appservice-msi doctor");
    expect(terminal.written).not.toContain(colour);
  });

  it("a line shows that something takes long, and is gone in the end", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("slow-headers", { delayInMs: 1800 });
    const terminal = new RealTerminal(["token", "-r", "storage", "-o", "header"], { ...emulator.env });
    await terminal.until(/^Waiting for the identity endpoint … 1 s$/);
    expect(await terminal.exitCode).toBe(0);
    expect(await terminal.show()).toMatch(/^Authorization: Bearer eyJ/);
  });

  it("Ctrl-C ends a wait with 130, and leaves a clean line", async () => {
    await using emulator = await startEmulator();
    emulator.faults.arm("hang");
    const terminal = new RealTerminal(["token", "-r", "storage"], { ...emulator.env });
    await terminal.until(/Waiting for the identity endpoint … \d s/);
    terminal.type(ctrlC);
    expect(await terminal.exitCode).toBe(130);
    expect(await terminal.show()).not.toContain("Waiting");
  });

  it("Ctrl-C ends the emulator, which is no failure", async () => {
    const terminal = new RealTerminal(["emulator"]);
    const shown = await terminal.until(/Press Ctrl-C to stop\./);
    const [, url = ""] = /^Emulator +app-service-linux at (\S+)$/m.exec(shown) ?? [];
    expect((await fetch(`${url}/_emulator/health`)).status).toBe(200);
    terminal.type(ctrlC);
    expect(await terminal.exitCode).toBe(0);
    await expect(fetch(`${url}/_emulator/health`)).rejects.toThrow("fetch failed");
  });

  it("Ctrl-C reaches the command of exec once each time, and the emulator stays until that ends", async () => {
    const terminal = new RealTerminal(["exec", "--", ...countingInterrupts]);
    await terminal.until(/^ready$/m);
    terminal.type(ctrlC);
    await terminal.until(/Ctrl-C 1$/m);
    terminal.type(ctrlC);
    await terminal.until(/Ctrl-C 2$/m);
    terminal.type("enough\n");
    expect(await terminal.exitCode).toBe(9);
    expect((await terminal.show()).match(/Ctrl-C \d/g)).toEqual(["Ctrl-C 1", "Ctrl-C 2"]);
  });

  it("Ctrl-C ends a command of exec that does not listen, all its children, and exec with 130", async () => {
    const parent = `require("node:child_process").fork("${import.meta.dirname}/waiting-child.ts")`;
    const terminal = new RealTerminal(["exec", "--", process.execPath, "--eval", parent]);
    const shown = await terminal.until(/endpoint at \S+$/m);
    const addresses = shown.match(/http:\S+/g) ?? [];
    expect(addresses).toHaveLength(2);
    await Promise.all(addresses.map((address) => fetch(address)));
    terminal.type(ctrlC);
    expect(await terminal.exitCode).toBe(130);
    await vi.waitFor(async () => {
      const answers = await Promise.allSettled(addresses.map((address) => fetch(address)));
      expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    });
  });
});
