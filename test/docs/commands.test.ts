import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPages, root } from "./markdown.ts";

interface Manifest {
  readonly name: string;
  readonly scripts?: Record<string, string>;
}

const manifests = ["package.json", ...globSync("packages/{*,examples/*}/package.json", { cwd: root })].map(
  (file) => JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest,
);
const scripts = Object.keys(manifests[0]?.scripts ?? {});
const names = manifests.map(({ name }) => name);
const ofPnpm = ["add", "audit", "dlx", "exec", "install", "node", "pack"];

const pages = readPages().map(({ file, blocks, inlineCode }) => ({
  file,
  commands: [...blocks.filter(({ language }) => language === "sh").map(({ code }) => code), ...inlineCode].join("\n"),
}));

it.each(pages)("$file names no script that is not there", ({ commands }) => {
  const named = [...commands.matchAll(/\bpnpm(?:@\d+)? (?:run )?([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
  expect(named.filter((name) => !ofPnpm.includes(name) && !scripts.includes(name))).toEqual([]);
});

it.each(pages)("$file names no package that is not there", ({ commands }) => {
  const named = commands.match(/@appservice-msi\/[\w-]+/g) ?? [];
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
});
