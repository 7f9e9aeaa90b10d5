import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, platform, arch, totalmem } from "node:os";
import type { Setting } from "./comparison.ts";

/** What was compared, and on what. */
export function describeSetting(command: string, durationInMs: number): Setting {
  const here = import.meta.url;
  const identity = resolve("@azure/identity", here);
  const [cpu] = cpus();
  return {
    command,
    date: new Date().toISOString().slice(0, 10),
    durationInSeconds: Math.round(durationInMs / 1000),
    versions: {
      "@appservice-msi/credential": versionIn(resolve("@appservice-msi/credential", here)),
      "@azure/identity": versionIn(identity),
      "@azure/msal-node": versionIn(resolve("@azure/msal-node", identity)),
      Node: process.versions.node,
    },
    machine: `${platform()} ${arch()}, ${availableParallelism()} × ${cpu?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB`,
  };
}

/** The manifest of a package, as the module that imports it finds it. */
function resolve(name: string, from: string): string {
  return createRequire(from).resolve(`${name}/package.json`);
}

function versionIn(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
