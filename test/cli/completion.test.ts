import { startEmulator } from "@appservice-msi/emulator";
import { describe, expect, it } from "vitest";
import { call } from "./play-terminal.ts";

/** What may stand where the last of the words is being typed. */
async function complete(...words: string[]): Promise<string[]> {
  const { exitCode, stdout } = await call(["complete", "--", ...words]);
  expect(exitCode).toBe(0);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t")[0] ?? "");
}

describe("Completion", () => {
  it("offers the commands, each once and with its summary", async () => {
    expect(await complete("")).toEqual([
      "token",
      "whoami",
      "env",
      "doctor",
      "emulator",
      "exec",
      "fault",
      "journal",
      "completion",
    ]);
    const { stdout } = await call(["complete", "--", "fau"]);
    expect(stdout).toBe("fault\tArms, lists and clears the faults of a running emulator.\n");
  });

  it.each([
    [["e"], ["env", "emulator", "exec"]],
    [
      ["fault", ""],
      ["list", "arm", "clear"],
    ],
    [["fault", "a"], ["arm"]],
    [
      ["token", "--res"],
      ["--resource", "--resource-id", "--response"],
    ],
    [["token", "--resource", "key"], ["keyVault"]],
    [["token", "-r", "china.key"], ["china.keyVault"]],
    [
      ["token", "-o", ""],
      ["json", "raw", "header", "env", "k8s"],
    ],
    [["token", "--output", "json", "--out"], []],
    [["emulator", "--no"], ["--no-system-assigned"]],
    [["emulator", "--fault", "hang", "--fau"], ["--fault"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish", "powershell"],
    ],
    [["completion", "bash", ""], []],
    [
      ["exec", "--host", "app"],
      ["app-service-linux", "app-service-windows"],
    ],
    [["exec", "--", "nod"], []],
    [["exec", "node", "--ver"], []],
    [["exec", "--ver"], ["--verbose"]],
    [["nothing", ""], []],
    [["token", "--output=k"], ["--output=k8s"]],
    [["token", "--output", "=", "k"], ["k8s"]],
    [
      ["token", "--output", "="],
      ["json", "raw", "header", "env", "k8s"],
    ],
    [["exec", "--fault", "han"], ["hang"]],
    [["fault", "clear", "html"], ["html"]],
  ])("offers after %j %j", async (words, expected) => {
    expect(await complete(...words)).toEqual(expected);
  });

  it("offers every fault that the emulator knows", async () => {
    await using emulator = await startEmulator();
    expect(await complete("fault", "arm", "")).toEqual(emulator.faults.list().map(({ name }) => name));
  });

  it("begins a new word when it is told to", async () => {
    const { stdout } = await call(["complete", "--next", "--", "fault"]);
    expect(stdout.split("\n").length).toBe(4);
  });

  it.each(["bash", "zsh", "fish", "powershell"])("has a script for %s that asks the command", async (shell) => {
    const { exitCode, stdout } = await call(["completion", shell]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("appservice-msi");
    expect(stdout).toMatch(/ complete /);
  });
});
