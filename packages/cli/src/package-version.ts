import { readFileSync } from "node:fs";

/** The version of this package. */
export const packageVersion: string = readVersion();

function readVersion(): string {
  // Beside src and dist alike.
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return (manifest as { version: string }).version;
}
