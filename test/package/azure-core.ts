import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { Manifest, Project } from "./project.ts";
import { type Consumers, gotToken, type Trial } from "./trial.ts";
import { checkTypes } from "./typescript.ts";

/** The lowest version of each package that the credential depends on, and of the one that does the HTTP for them. */
export function lowestVersions(project: Project): Record<string, string> {
  const runtime = "@typespec/ts-http-runtime";
  const { dependencies = {} } = readManifest(project, "@azure/core-rest-pipeline");
  return { ...lowestDependencies(project), ...toLowest({ [runtime]: dependencies[runtime] ?? "" }) };
}

function lowestDependencies(project: Project): Record<string, string> {
  return toLowest(project.manifest("@appservice-msi/credential").dependencies ?? {});
}

function toLowest(dependencies: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => {
      const [, version] = /^\^(\d+\.\d+\.\d+)$/.exec(range) ?? [];
      if (version === undefined) {
        throw new Error(`${name} has the range ${range}, whose lowest version is not plain`);
      }
      return [name, version];
    }),
  );
}

/** The versions that the credential gets in this project, which are not its own business to choose. */
function versionsIn(project: Project): string {
  const names = Object.keys(lowestDependencies(project));
  return names.map((name) => `${name.replace("@azure/", "")} ${readManifest(project, name).version}`).join(", ");
}

/** pnpm puts what a package gets beside it, in the folder that its link leads to. */
function readManifest(project: Project, name: string): Manifest {
  const credential = realpathSync(join(project.folder, "node_modules/@appservice-msi/credential"));
  return JSON.parse(readFileSync(join(credential, "../..", name, "package.json"), "utf8"));
}

const rows: Readonly<Record<string, (consumers: Consumers) => Project>> = {
  "the lowest allowed": ({ lowest }) => lowest,
  "the newest": ({ newest }) => newest,
};

const ways: Readonly<Record<string, (project: Project) => Promise<string>>> = {
  "`import`": async (project) => gotToken(await project.run([process.execPath, "import.mjs"])),
  "an answer that breaks off": async (project) => gotToken(await project.run([process.execPath, "broken-off.mjs"])),
  types: (project) => checkTypes(project, "7", { module: "nodenext", moduleResolution: "nodenext" }),
};

export const azureCoreTrials: readonly Trial[] = Object.entries(rows).flatMap(([row, pick]) =>
  Object.entries(ways).map(([column, run]) => ({
    table: "The Azure SDK's core packages",
    row,
    column,
    version: (consumers) => versionsIn(pick(consumers)),
    run: (consumers) => run(pick(consumers)),
  })),
);
