import { readFile } from "node:fs/promises";
import type { Reply } from "./outcome.ts";

/** The files of the page, by their path below the control path. */
const files: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  "": { name: "index.html", type: "text/html; charset=utf-8" },
  "dashboard.css": { name: "dashboard.css", type: "text/css; charset=utf-8" },
  "dashboard.js": { name: "dashboard.js", type: "text/javascript; charset=utf-8" },
  "icon.svg": { name: "icon.svg", type: "image/svg+xml" },
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
  const file = Object.hasOwn(files, path) ? files[path] : undefined;
  if (file === undefined) {
    return undefined;
  }
  // Beside src and dist alike, in the repository and in the published package.
  const body = await readFile(new URL(`../dashboard/${file.name}`, import.meta.url), "utf8");
  return { kind: "respond", status: 200, headers: { ...headers, "content-type": file.type }, body };
}
