import { type Command, defineCommand } from "../command.ts";
import type { Program } from "../program.ts";
import { candidatesFor } from "./candidates.ts";
import { completionScripts, type Shell, shells } from "./completion-scripts.ts";

/** `appservice-msi completion` */
export const completionCommand = defineCommand({
  name: "completion",
  summary: "Prints a script that teaches a shell to complete this command.",
  operands: [{ name: "shell", required: true, choices: shells, summary: "who reads it" }],
  options: {},
  examples: [
    { line: 'eval "$(appservice-msi completion bash)"', does: "in ~/.bashrc" },
    { line: 'eval "$(appservice-msi completion zsh)"', does: "in ~/.zshrc, after compinit" },
    { line: "appservice-msi completion fish | source", does: "in ~/.config/fish/config.fish" },
    { line: "appservice-msi completion powershell | Out-String | Invoke-Expression", does: "in $PROFILE" },
  ],
  run({ operands: [shell], print }) {
    print(completionScripts[shell as Shell]);
  },
});

/** What the scripts call: `complete -- <words>`, the last word unfinished, or `complete --next -- <words>` before a new one. */
export function completeCommand(program: () => Program): Command {
  return defineCommand({
    name: "complete",
    summary: "Prints what may come next on a command line.",
    operands: [{ name: "words", rest: true, summary: "the words so far" }],
    options: { next: { kind: "flag", summary: "a new word begins" } },
    examples: [],
    hidden: true,
    run({ operands, options: { next }, print }) {
      const candidates = candidatesFor(next ? [...operands, ""] : operands, program());
      if (candidates.length > 0) {
        print(candidates.map(({ word, summary }) => `${word}\t${summary}`).join("\n"));
      }
    },
  });
}
