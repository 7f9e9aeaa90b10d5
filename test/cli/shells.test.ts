import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { makeCommandFolder } from "./command-folder.ts";

const execute = promisify(execFile);

/** A shell, and how to ask it what it offers for each line that it is given: a word on each line, and an empty line at the end. */
const shells = [
  {
    shell: "bash",
    args: ["--norc", "-c"],
    ask: `
      eval "$(appservice-msi completion bash)"
      for line; do
        read -ra COMP_WORDS <<< "$line"
        [[ "$line" == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
        _appservice_msi
        printf '%s\\n' "\${COMPREPLY[@]}" ""
      done`,
  },
  {
    shell: "zsh",
    args: ["-f", "-c"],
    // Outside a command line that is being typed, zsh completes nothing: what the script hands to it is looked at instead.
    ask: `
      compdef() {}
      _describe() { local each; for each in "\${(@P)2}"; do print -r -- "\${each%%:*}"; done }
      eval "$(appservice-msi completion zsh)"
      for line; do
        words=("\${(@s: :)line}")
        CURRENT=\${#words}
        _appservice_msi
        print
      done`,
  },
  {
    shell: "fish",
    args: ["--no-config", "-c"],
    ask: `
      appservice-msi completion fish | source
      for line in $argv[2..]
        complete -C "$line"
        echo
      end`,
  },
];

const offers: Readonly<Record<string, readonly string[]>> = {
  "appservice-msi fault ": ["arm", "clear", "list"],
  "appservice-msi fault arm status-50": ["status-500", "status-502", "status-503", "status-504"],
  "appservice-msi token --resource usGovernment.key": ["usGovernment.keyVault"],
};

describe.each(shells)("completion $shell", ({ shell, args, ask }) => {
  const isMissing = spawnSync(shell, ["--version"]).error !== undefined;

  it.skipIf(isMissing)(`teaches ${shell}, if it is on this machine`, { timeout: 60_000 }, async () => {
    using command = makeCommandFolder();
    const { folder, env } = command;
    const { stdout } = await execute(shell, [...args, ask, shell, ...Object.keys(offers)], { env, cwd: folder });
    const words = stdout
      .trimEnd()
      .split("\n\n")
      .map((lines) => lines.split("\n").map((line) => line.replace(/\t.*/, "")));
    expect(words.map((each) => each.toSorted((one, other) => one.localeCompare(other)))).toEqual(Object.values(offers));
  });
});
