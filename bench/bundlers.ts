import { gzipSync } from "node:zlib";
import commonjsExport from "@rollup/plugin-commonjs";
import jsonExport from "@rollup/plugin-json";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build, transform } from "esbuild";
import { rollup } from "rollup";

// The declarations of these plugins speak of CommonJS, where a default export hides one level deeper.
const commonjs = commonjsExport as unknown as typeof commonjsExport.default;
const json = jsonExport as unknown as typeof jsonExport.default;

/** The files that a bundler makes of an app, minified, by name. */
export type Bundle = ReadonlyMap<string, Uint8Array>;

/** CommonJS parts of Azure clients call `require` for Node's own modules, which an ES module lacks. */
const banner = 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);';

const target = "node22";

/** Bundles the app in the file with esbuild, into one file. */
async function bundleWithEsbuild(file: string): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [file],
    outfile: "app.mjs",
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target,
    banner: { js: banner },
    write: false,
  });
  return new Map(outputFiles.map(({ contents }) => ["app.mjs", contents]));
}

/** Bundles the app in the file with rollup, into one file and one for each part that is loaded on demand. */
async function bundleWithRollup(file: string): Promise<Bundle> {
  const plugins = [nodeResolve({ preferBuiltins: true, exportConditions: ["node"] }), commonjs(), json()];
  await using bundle = await rollup({ input: file, plugins, onwarn: () => {} });
  const { output } = await bundle.generate({ format: "es", entryFileNames: "app.mjs", chunkFileNames: "[name].mjs" });
  const files = output.flatMap((part) => (part.type === "chunk" ? [part] : []));
  return new Map(
    await Promise.all(
      files.map(async ({ fileName, code }): Promise<[string, Uint8Array]> => {
        const minified = await transform(code, { minify: true, format: "esm", target, platform: "node" });
        return [fileName, Buffer.from(minified.code)];
      }),
    ),
  );
}

/** The bundlers by name. */
export const bundlers = { esbuild: bundleWithEsbuild, rollup: bundleWithRollup };

/** What the files of a bundle weigh together when each is compressed. */
export function gzippedSize(bundle: Bundle): number {
  return [...bundle.values()].reduce((sum, contents) => sum + gzipSync(contents, { level: 9 }).length, 0);
}
