import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AzureResource } from "@appservice-msi/credential";
import { describe, expect, it } from "vitest";
import { documentedClients, installedVersion } from "./clients-page.ts";

const rows = documentedClients();
const tests = globSync("*.test.ts", { cwd: import.meta.dirname })
  .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"))
  .join("\n");
const page = readFileSync(new URL("../../docs/azure-clients.md", import.meta.url), "utf8");

const notClients = /^@azure\/(core-\w+|identity|logger)/;
const outsideAzure = ["@microsoft/microsoft-graph-client", "@redis/entraid", "mssql", "pg", "tedious"];

describe("the table of Azure clients", () => {
  it("has every client that is installed for the tests, once", () => {
    const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const installed = Object.keys(manifest.devDependencies).filter(
      (name) => (name.startsWith("@azure/") && !notClients.test(name)) || outsideAzure.includes(name),
    );
    expect(rows.map(({ client }) => client).toSorted()).toEqual(installed.toSorted());
  });

  it.each(rows)("names the version of $client that is installed", ({ client, version }) => {
    expect(version).toBe(installedVersion(client));
  });

  it.each(rows)("has a test that holds the row of $client to what was seen", ({ client }) => {
    expect(tests).toContain(`expectOnPage("${client}"`);
  });

  it.each(rows)("has a snippet for $client", ({ client }) => {
    expect(page).toMatch(new RegExp(`^import .* from "${client}[/"]`, "m"));
  });

  it.each(rows)("names what $client asks for as AzureResource does, or says how it differs", (row) => {
    const [, name = "", difference] = /^(\w+)(, .+)?$/.exec(row.azureResource) ?? [];
    const values: Record<string, unknown> = AzureResource;
    expect(values).toHaveProperty(name);
    expect(values[name] === row.resource).toBe(difference === undefined);
  });
});
