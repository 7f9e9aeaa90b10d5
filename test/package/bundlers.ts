import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePage } from "../docs/markdown.ts";
import { type Consumers, gotToken, type Trial } from "./trial.ts";

const page = "docs/bundling.md";
const formats = { ESM: "mjs", CommonJS: "cjs" };

const commands = parsePage(page, readFileSync(join(import.meta.dirname, "../..", page), "utf8")).blocks;

/** The command of the page that writes this file into dist/. */
function commandFor(file: string): string {
  const command = commands.find(({ code }) => code.includes("dist") && code.includes(file));
  if (command === undefined) {
    throw new Error(`${page} has no command that writes ${file}`);
  }
  return command.code;
}

/** Bundles as the page says, and runs what comes of it. */
async function runBundle({ newest, emulator }: Consumers, file: string): Promise<string> {
  await newest.run(["sh", "-c", commandFor(file)]);
  return gotToken(await newest.run([process.execPath, join("dist", file)], { ...emulator.env }));
}

/** The one setting of the page that a bundle cannot do without. */
async function runWithoutBanner({ newest, emulator }: Consumers): Promise<string> {
  const file = "dist/no-banner.mjs";
  const command = commandFor("esbuild.mjs").replace("dist/esbuild.mjs", file);
  const bare = command.replace(/--banner:js="[^"]*"/, "");
  if (bare === command) {
    throw new Error(`${page} bundles by esbuild without a banner: ${command}`);
  }
  await newest.run(["sh", "-c", bare]);
  const error = await newest
    .run([process.execPath, file], { ...emulator.env })
    .then((output) => `no error, and ${output}`, String);
  if (!error.includes('Dynamic require of "net" is not supported')) {
    throw new Error(`${page} says how it fails without the banner. It came to: ${error}`);
  }
  return "fails as the page says";
}

const bundlers = ["esbuild", "rollup", "webpack"];

export const bundlerTrials: readonly Trial[] = [
  ...bundlers.flatMap((bundler) =>
    Object.entries(formats).map(([column, ending]): Trial => ({
      table: "Bundlers",
      row: bundler,
      column,
      version: ({ newest }) => newest.manifest(bundler).version,
      run: (consumers) => runBundle(consumers, `${bundler}.${ending}`),
    })),
  ),
  {
    table: "Bundlers",
    row: "esbuild without the banner",
    column: "ESM",
    version: ({ newest }) => newest.manifest("esbuild").version,
    run: runWithoutBanner,
  },
];
