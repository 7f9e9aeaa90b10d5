import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test.each([
  ["storage-blob", "start Azurite"],
  ["keyvault-secrets", "may read"],
])(
  "the demo of %s, stopped by Ctrl-C, leaves no file behind",
  async (example, hint) => {
    const demo = fileURLToPath(import.meta.resolve(`@appservice-msi/example-${example}/demo`));
    const folder = await mkdtemp(join(tmpdir(), "stopped-"));
    const child = spawn(process.execPath, [demo], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const closed = once(child, "close");
    for await (const chunk of child.stdout.setEncoding("utf8")) {
      if (String(chunk).includes(hint)) {
        break;
      }
    }
    const before = await readdir(folder);
    child.kill("SIGINT");

    expect(await closed).toEqual([130, null]);
    expect(before).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  },
  60_000,
);
