import { execFileSync } from "node:child_process";
import { emptyProject } from "./project.ts";
import { type Consumers, gotToken, type Trial } from "./trial.ts";

/** The program that the command starts: it knows nothing of an emulator. */
const program = `
  const url = process.env.IDENTITY_ENDPOINT + "?api-version=2019-08-01&resource=https://storage.azure.com";
  const response = await fetch(url, { headers: { "X-IDENTITY-HEADER": process.env.IDENTITY_HEADER } });
  console.log((await response.json()).resource);
`;

/** Nothing is installed: npx fetches the command, as the emulator's README has it. */
async function runByNpx({ tarballs }: Consumers): Promise<string> {
  using project = emptyProject();
  const packages = tarballs.map((file) => `--package=${file}`);
  const exec = ["exec", "--", "node", "--input-type=module", "--eval", program];
  return gotToken(await project.run(["npx", "--yes", "--prefer-offline", ...packages, "appservice-msi", ...exec]));
}

/** The command finds out by itself what is broken, and its exit code says so. */
async function diagnoseByNpx({ tarballs }: Consumers): Promise<string> {
  using project = emptyProject();
  const packages = tarballs.map((file) => `--package=${file}`);
  const diagnose = "appservice-msi exec --fault status-503 -- appservice-msi doctor; echo $?";
  const printed = await project.run(["npx", "--yes", "--prefer-offline", ...packages, "--call", diagnose]);
  if (!/^FAIL {2}It answers with a token: answered 503, [^]*\n6\n$/m.test(printed)) {
    throw new Error(`At an endpoint that answers 503 the doctor printed: ${printed}`);
  }
  return "says what is broken";
}

/** What is installed is what was packed, and the command runs. */
async function installByNpm({ tarballs }: Consumers): Promise<string> {
  using project = emptyProject();
  project.write("package.json", JSON.stringify({ private: true }));
  await project.run(["npm", "install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", ...tarballs]);
  const { version } = project.manifest("@appservice-msi/cli");
  const printed = (await project.run(["appservice-msi", "--version"])).trim();
  if (printed !== version) {
    throw new Error(`appservice-msi --version of ${version} printed ${printed}`);
  }
  return "installs, and runs";
}

const ways = {
  "`npm install`": installByNpm,
  "`npx appservice-msi exec`": runByNpx,
  "`npx appservice-msi doctor`": diagnoseByNpx,
};

export const emptyFolderTrials: readonly Trial[] = Object.entries(ways).map(([column, run]) => ({
  table: "An empty folder",
  row: "npm",
  column,
  version: () => execFileSync("npm", ["--version"], { encoding: "utf8" }).trim(),
  run,
}));
