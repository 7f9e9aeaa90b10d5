import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Bundle, bundlers, gzippedSize } from "../bundlers.ts";
import type { Bench, Contestant, Question, Row } from "../question.ts";
import { summarize } from "../statistics.ts";

const execute = promisify(execFile);

type Bundler = keyof typeof bundlers;

interface App {
  readonly key: string;
  readonly what: string;
  readonly code: string;
  /** Of the growth by esbuild. */
  readonly atMost?: number;
}

const apps: readonly App[] = [
  {
    key: "storage",
    what: "an app with @azure/storage-blob",
    code: `import { BlobServiceClient } from "@azure/storage-blob";
      console.log(new BlobServiceClient("https://account.blob.core.windows.net", credential).url);`,
    atMost: 8 * 1024,
  },
  { key: "alone", what: "an app with nothing else", code: "" },
];

const credentials: Readonly<Record<Contestant, string>> = {
  ours: 'import { AppServiceMsiCredential } from "@appservice-msi/credential"; const credential = new AppServiceMsiCredential();',
  incumbent:
    'import { ManagedIdentityCredential } from "@azure/identity"; const credential = new ManagedIdentityCredential();',
  limit: "const credential = undefined;",
};

const useOfCredential =
  'console.log((await credential?.getToken("https://storage.azure.com/.default"))?.token.length);';

/** The size of the app's bundle, which has been run: one that does not work may be as small as it likes. */
async function measureBundle(bench: Bench, bundler: Bundler, app: App, contestant: Contestant): Promise<number> {
  const folder = join(bench.stage.folder, "bundled", `${bundler}-${app.key}-${contestant}`);
  mkdirSync(folder, { recursive: true });
  const source = join(folder, "source.mjs");
  writeFileSync(source, `${credentials[contestant]}\n${app.code}\n${useOfCredential}`);
  const bundle = await bundlers[bundler](source);
  await runBundle(bench, folder, bundle);
  return gzippedSize(bundle);
}

async function runBundle({ endpoint }: Bench, folder: string, bundle: Bundle): Promise<void> {
  for (const [name, contents] of bundle) {
    writeFileSync(join(folder, name), contents);
  }
  await execute(process.execPath, [join(folder, "app.mjs")], { env: endpoint.env, timeout: 30_000 });
}

async function growth(bench: Bench, bundler: Bundler, app: App): Promise<Row> {
  const without = await measureBundle(bench, bundler, app, "limit");
  const grown = async (contestant: Contestant) =>
    summarize([(await measureBundle(bench, bundler, app, contestant)) - without]);
  return {
    id: `bundle.${bundler}.${app.key}`,
    what: `${bundler}, ${app.what}`,
    unit: "bytes",
    figures: { ours: await grown("ours"), incumbent: await grown("incumbent") },
    ...(bundler === "esbuild" && app.atMost && { target: { atMost: app.atMost } }),
  };
}

export const bundle: Question = {
  name: "bundle",
  title: "What a minified and gzipped bundle grows by",
  async measure(bench) {
    const names: readonly Bundler[] = bench.quick ? ["esbuild"] : ["esbuild", "rollup"];
    const rows: Row[] = [];
    for (const bundler of names) {
      for (const app of apps) {
        rows.push(await growth(bench, bundler, app));
      }
    }
    return rows;
  },
};
