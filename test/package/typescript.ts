import { join } from "node:path";
import type { Trial } from "./trial.ts";
import type { Project } from "./project.ts";

const compilers = ["5.9", "6", "7"];

/** The two ways of finding modules that today's projects are set to. */
const resolutions = [
  { moduleResolution: "nodenext", module: "nodenext" },
  { moduleResolution: "bundler", module: "esnext" },
];

/** Checks the project's types.ts, and every declaration that it leads to: nothing is skipped. */
export async function checkTypes(project: Project, compiler: string, resolution: object): Promise<string> {
  const tsc = join("node_modules", `typescript-${compiler}`, "bin/tsc");
  const compilerOptions = { ...resolution, target: "es2024", lib: ["esnext"], types: ["node"], strict: true };
  const config = `tsconfig-${compiler}-${Object.values(resolution).join("-")}.json`;
  project.write(config, JSON.stringify({ compilerOptions, files: ["types.ts"] }));
  await project.run([process.execPath, tsc, "--noEmit", "--pretty", "false", "--project", config]);
  return "no error";
}

export const typescriptTrials: readonly Trial[] = compilers.flatMap((compiler) =>
  resolutions.map((resolution) => ({
    table: "TypeScript",
    row: `TypeScript ${compiler}`,
    column: `\`${resolution.moduleResolution}\``,
    version: ({ newest }) => newest.manifest(`typescript-${compiler}`).version,
    run: ({ newest }) => checkTypes(newest, compiler, resolution),
  })),
);
