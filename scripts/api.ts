// pnpm api: the public surface of every published package as one text, etc/<package>.api.md, to be read as a diff.
// Without --update it changes nothing, and fails when a report is not what dist/ declares.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
  type IExtractorMessagesConfig,
} from "@microsoft/api-extractor";
import { type PublishedPackage, publishedPackages, root } from "./packages.ts";

const update = process.argv.includes("--update");
const reportFolder = join(root, "etc");
const off = { logLevel: ExtractorLogLevel.None };
const error = { logLevel: ExtractorLogLevel.Error };

// It brings its own TypeScript, which need not know every option of ours.
const compilerOptions = { module: "nodenext", strict: true, types: ["node"] };

const messages: IExtractorMessagesConfig = {
  compilerMessageReporting: { default: error },
  extractorMessageReporting: {
    default: error,
    "ae-missing-release-tag": off, // all that index.ts exports is public: a tag at each would say nothing
    "ae-undocumented": off, // a member whose name says it all needs no sentence; the report marks them
  },
  tsdocMessageReporting: { default: off }, // comments are for people; `@azure/core-auth` in one is no mistake
};

/** True when the report of this package is as it should be. */
function report({ folder, shortName }: PublishedPackage): boolean {
  const reportFileName = `${shortName}.api.md`;
  const reportTempFolder = mkdtempSync(join(tmpdir(), "api-"));
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      newlineKind: "lf",
      mainEntryPointFilePath: join(folder, "dist/index.d.ts"),
      compiler: { overrideTsconfig: { compilerOptions } },
      apiReport: { enabled: true, reportFileName, reportFolder, reportTempFolder },
      messages,
    },
  });
  const { succeeded, apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => print(message, folder),
  });
  if (apiReportChanged && !update) {
    const [committed, fresh] = [join(reportFolder, reportFileName), join(reportTempFolder, reportFileName)];
    spawnSync("git", ["diff", "--no-index", committed, fresh], { stdio: "inherit" });
    console.log(`etc/${reportFileName} is not what dist/ declares: pnpm api rewrites it`);
  }
  rmSync(reportTempFolder, { recursive: true });
  return succeeded;
}

function print(message: ExtractorMessage, folder: string): void {
  message.handled = true;
  // Another package of ours, which it finds as sources, has a report of its own.
  if (message.sourceFilePath !== undefined && !message.sourceFilePath.startsWith(folder)) {
    message.logLevel = ExtractorLogLevel.None;
  }
  if (message.logLevel === ExtractorLogLevel.Error) {
    console.log(message.formatMessageWithLocation(root));
  }
}

mkdirSync(reportFolder, { recursive: true });
const packages = publishedPackages();
const ok = packages.map(report).every(Boolean);
console.log(packages.map(({ shortName }) => `etc/${shortName}.api.md`).join(", "), ok ? "are up to date" : "are not");
process.exitCode = ok ? 0 : 1;
