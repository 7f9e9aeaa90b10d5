import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Bench, Contestant, Question, Row } from "../question.ts";
import { summarize } from "../statistics.ts";

/** CommonJS parts of an Azure client call `require` of Node's own modules, which an ES module lacks. */
const banner = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

const imports: Readonly<Record<string, string>> = {
  ours: 'import { AppServiceMsiCredential as Credential } from "@appservice-msi/credential";',
  incumbent: 'import { ManagedIdentityCredential as Credential } from "@azure/identity";',
  limit: "",
};

/** An app as small as can be, with the credential, or for the limit without one. */
function storageApp(contestant: Contestant): string {
  const credential = contestant === "limit" ? "undefined" : "new Credential()";
  return `${imports[contestant]}
    import { BlobServiceClient } from "@azure/storage-blob";
    console.log(new BlobServiceClient("https://account.blob.core.windows.net", ${credential}).url);`;
}

function lonelyApp(contestant: Contestant): string {
  const token = contestant === "limit" ? "undefined" : 'await new Credential().getToken("https://vault.azure.net")';
  return `${imports[contestant]} console.log(${token});`;
}

async function bundleSize({ stage }: Bench, code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: stage.folder, sourcefile: "app.mjs" },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node22",
    banner: { js: banner },
    write: false,
    outdir: join(stage.folder, "bundle"),
  });
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
}

async function added(bench: Bench, what: string, app: (contestant: Contestant) => string): Promise<Row> {
  const without = await bundleSize(bench, app("limit"));
  const bytes = async (contestant: Contestant) => (await bundleSize(bench, app(contestant))) - without;
  const figures = { ours: summarize([await bytes("ours")]), incumbent: summarize([await bytes("incumbent")]) };
  return { what, unit: "bytes", figures };
}

export const bundle: Question = {
  name: "bundle",
  title: "What a minified and gzipped bundle grows by",
  async measure(bench) {
    return [
      { ...(await added(bench, "esbuild, an app with @azure/storage-blob", storageApp)), target: { atMost: 8 * 1024 } },
      await added(bench, "esbuild, an app with nothing else", lonelyApp),
    ];
  },
};
