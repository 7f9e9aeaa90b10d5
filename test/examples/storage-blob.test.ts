import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const demo = fileURLToPath(import.meta.resolve("@appservice-msi/example-storage-blob/demo"));

test("the demo brings a blob round trip to its end for both kinds of identity, in both API versions", async () => {
  const { stdout } = await run(process.execPath, [demo], { timeout: 60_000 });

  const rows = stdout.split("\n").filter((line) => line.includes("Hello from a managed identity"));
  expect(rows.map((row) => row.split("│").map((cell) => cell.trim())).map((cells) => cells.slice(1, 5))).toEqual([
    ["system-assigned", "app-service-linux", "2019-08-01", "2019-08-01 → 200"],
    ["user-assigned", "app-service-linux", "2019-08-01", "2019-08-01 → 200"],
    ["system-assigned", "functions-linux-consumption", "2017-09-01", "2019-08-01 → 400"],
    ["user-assigned", "functions-linux-consumption", "2017-09-01", "2019-08-01 → 400"],
  ]);
  expect(stdout.match(/2017-09-01 → 200/g)).toHaveLength(2);
}, 60_000);

test.each([
  ["--blob-port", "port [0-9]+ is taken; choose another --blob-port"],
  ["--identity-port", "port [0-9]+ is in use: .* leave out --identity-port"],
])(
  "the demo says so when the port of %s is taken",
  async (option, message) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;

    const failure = await run(process.execPath, [demo, option, String(port)], { timeout: 60_000 }).catch(
      (error: { code: number; stderr: string }) => error,
    );
    server.close();

    expect(failure).toMatchObject({ code: 1 });
    expect(failure.stderr).toMatch(new RegExp(message));
  },
  60_000,
);
