import { readFileSync } from "node:fs";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { expect } from "vitest";

/** A row of the table in docs/azure-clients.md. */
export interface DocumentedClient {
  /** Its npm package. */
  readonly client: string;
  readonly version: string;
  /** What it asks the endpoint for. */
  readonly resource: string;
  /** The name of that in `AzureResource`, and how it differs where it does. */
  readonly azureResource: string;
  readonly triedOn: string;
}

const page = new URL("../../docs/azure-clients.md", import.meta.url);

/** The rows of the first table of the page, without the marks of code. */
export function documentedClients(): DocumentedClient[] {
  const tokens = new MarkdownIt().parse(readFileSync(page, "utf8"), {});
  const body = tokens.slice(
    tokens.findIndex(({ type }) => type === "tbody_open"),
    tokens.findIndex(({ type }) => type === "tbody_close"),
  );
  const cells = body
    .filter(({ type }) => type === "inline")
    .map(({ children }) => (children ?? []).map(({ content }) => content).join(""));
  return Array.from({ length: cells.length / columns }, (_, row) => {
    const [client = "", version = "", resource = "", azureResource = "", triedOn = ""] = cells.slice(row * columns);
    return { client, version, resource, azureResource, triedOn };
  });
}

const columns = 5;

/** The version of a package that is installed here. */
export function installedVersion(name: string): string {
  const manifest = join(import.meta.dirname, "../node_modules", name, "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

/** Holds the page to what was seen: the one thing the endpoint was asked for, once, and what answered the client. */
export function expectOnPage(
  client: string,
  { asked, triedOn }: { asked: readonly { readonly resource?: string | undefined }[]; triedOn: string },
): void {
  expect(asked.map(({ resource }) => resource)).toEqual([expect.any(String)]);
  const row = documentedClients().find((each) => each.client === client);
  expect(row, `the row of ${client} in docs/azure-clients.md`).toMatchObject({
    resource: asked[0]?.resource?.replace("//account.", "//<account>."),
    triedOn,
  });
}
