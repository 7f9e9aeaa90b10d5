import { describe, expect, test } from "vitest";
import { AzureResource } from "./resources.ts";
import { toResource } from "./scope.ts";

const { usGovernment, china, ...publicCloud } = AzureResource;

const clouds: [string, Record<string, string>][] = [
  ["the public cloud", publicCloud],
  ["US Government", usGovernment],
  ["China", china],
];

describe.each(clouds)("In %s", (_cloud, resources) => {
  test.each(Object.entries(resources))("%s is a URI, or the ID of an application", (_name, resource) => {
    expect(resource).toMatch(/^(https:\/\/[a-z0-9.-]+\/?|api:\/\/\w+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/);
  });

  test.each(Object.entries(resources))("%s stands for itself, bare or as a scope", (_name, resource) => {
    expect(toResource(resource)).toBe(resource);
    expect(toResource(`${resource}/.default`)).toBe(resource);
  });
});

test.each([
  ["US Government", usGovernment],
  ["China", china],
])("%s holds only names of the public cloud, each with another value", (_cloud, resources) => {
  for (const [name, resource] of Object.entries(resources)) {
    expect(publicCloud).toHaveProperty(name);
    expect(publicCloud).not.toHaveProperty(name, resource);
  }
});

test("The names most apps need have the values their services document.", () => {
  expect(AzureResource).toMatchObject({
    storage: "https://storage.azure.com",
    keyVault: "https://vault.azure.net",
    graph: "https://graph.microsoft.com",
    sql: "https://database.windows.net/",
    serviceBus: "https://servicebus.azure.net/",
  });
});
