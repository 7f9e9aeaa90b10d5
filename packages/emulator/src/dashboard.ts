import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Reply } from "./outcome.ts";

/** The files of the page, and nothing else beside them. */
const files: readonly string[] = [
  "index.html",
  "dashboard.css",
  "dashboard.js",
  "api.js",
  "clock.js",
  "elements.js",
  "faults.js",
  "requests.js",
  "state.js",
  "variables.js",
  "icon.svg",
];

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Only what the emulator itself serves, nothing inline, in no frame, and no address left behind. */
const headers: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Answers with a file of the page; `undefined` when there is none of that name. */
export async function answerPage(path: string): Promise<Reply | undefined> {
  const name = path === "" ? "index.html" : path;
  if (!files.includes(name)) {
    return undefined;
  }
  // Beside src and dist alike, in the repository and in the published package.
  const body = await readFile(new URL(`../dashboard/${name}`, import.meta.url), "utf8");
  return { kind: "respond", status: 200, headers: { ...headers, "content-type": types[extname(name)] ?? "" }, body };
}
