import { defineConfig, type OxlintOverride } from "oxlint";
import { inCredential, layers } from "./scripts/layers.ts";

const npmPackage = "^(@|[\\w-]+(/|$))"; // what begins neither with a dot nor with `node:`

const byPath = {
  regex: "^(\\.\\./)+(packages|credential|emulator|cli|examples|test|bench|scripts)/",
  message: "Another package is imported by its name.",
};
const ours = {
  regex: "^@appservice-msi/",
  message: "The emulator and the credential are two readings of one contract.",
};
const runtime = {
  regex: npmPackage,
  allowTypeImports: true,
  message:
    "Importing the credential loads no npm package: only pipeline.ts and sending.ts do, and they are loaded on the first miss.",
};
const pipeline = { ...runtime, regex: "^\\./pipeline\\.ts$" };
const node = { regex: "^node:", message: "This layer holds no effects: neither Node nor the network." };

function restrict(files: string[], ...patterns: object[]): OxlintOverride {
  return { files, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

const layerRules = layers.map(({ name, files, closed, pure }, index) => {
  const within = closed ? files : layers.slice(index).flatMap((layer) => layer.files);
  const upwards = {
    group: ["./*", ...within.map((file) => `!./${file}.ts`)],
    message: `Imports go down the layers of scripts/layers.ts; this file is of the layer "${name}".`,
  };
  return restrict(files.map(inCredential), byPath, upwards, runtime, pipeline, ...(pure || closed ? [node] : []));
});

export default defineConfig({
  plugins: ["typescript", "import", "unicorn", "oxc", "promise", "node"],
  options: { typeAware: true },
  categories: { correctness: "error", suspicious: "error" },
  rules: {
    "import/no-cycle": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-unsafe-type-assertion": "off",
    "typescript/no-explicit-any": "error",
    "typescript/consistent-type-imports": "error",
    "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
    "max-lines": ["error", { max: 350, skipBlankLines: true, skipComments: true }],
  },
  overrides: [
    {
      files: ["**/*.test.ts", "test/**", "bench/**"],
      rules: { "max-lines-per-function": "off", "max-lines": "off" },
    },
    restrict(["packages/**", "test/**", "bench/**"], byPath),
    restrict(["packages/examples/**"], { ...byPath, regex: "^\\.\\./" }),
    restrict(["packages/emulator/**"], byPath, ours),
    restrict([inCredential("*")], { group: ["./*"], message: "Give this file a layer in scripts/layers.ts." }),
    ...layerRules,
    // Loaded by one `await import()` in credential.ts; these alone hold the Azure SDK's HTTP.
    restrict([inCredential("pipeline"), inCredential("sending")], byPath),
    restrict([inCredential("credential")], byPath, runtime),
    restrict([inCredential("*.test")], byPath),
  ],
  ignorePatterns: ["**/dist/**"],
});
