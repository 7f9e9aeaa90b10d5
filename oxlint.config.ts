import { defineConfig, type OxlintOverride } from "oxlint";

/**
 * packages/credential/src from top to bottom: a file imports from its own layer and from those below, never upwards. The
 * closed layer sees itself only, the pure ones neither Node nor the network. A new file needs a place in this table.
 */
const layers: readonly { readonly files: readonly string[]; readonly closed?: true; readonly pure?: true }[] = [
  { files: ["index"] }, // the surface
  { files: ["credential"] }, // assembly: the only file that knows all others
  { files: ["token-request"] }, // one request for a token, with its attempts
  { files: ["token-cache", "flight", "refresh", "abort"], closed: true, pure: true }, // memory and waiting
  { files: ["negotiation", "pipeline", "connection", "failure", "throttle", "telemetry"] }, // API version, network
  { files: ["request", "answer", "expiry", "client-id"], pure: true }, // wire
  { files: ["endpoint", "scope", "identity", "resources", "options", "availability"], pure: true }, // input
  { files: ["protocol", "errors", "printable", "retry"], pure: true }, // the table and the vocabulary
];

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
  message: "Importing the credential loads no npm package: only pipeline.ts does, and it is loaded on the first miss.",
};
const pipeline = { ...runtime, regex: "^\\./pipeline\\.ts$" };
const node = { regex: "^node:", message: "This layer is pure: its results depend on its arguments." };

function restrict(files: string[], ...patterns: object[]): OxlintOverride {
  return { files, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

const inCredential = (file: string): string => `packages/credential/src/${file}.ts`;

const layerRules = layers.map(({ files, closed, pure }, index) => {
  const within = closed ? files : layers.slice(index).flatMap((layer) => layer.files);
  const upwards = {
    group: ["./*", ...within.map((file) => `!./${file}.ts`)],
    message: "Imports go down the layers of oxlint.config.ts, never up.",
  };
  return restrict(files.map(inCredential), byPath, upwards, runtime, pipeline, ...(pure ? [node] : []));
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
    restrict([inCredential("*")], { group: ["./*"], message: "Give this file a layer in oxlint.config.ts." }),
    ...layerRules,
    // Loaded by one `await import()` in credential.ts; it alone holds the Azure SDK's HTTP.
    restrict([inCredential("pipeline")], byPath),
    restrict([inCredential("credential")], byPath, runtime),
    restrict([inCredential("*.test")], byPath),
  ],
  ignorePatterns: ["**/dist/**"],
});
