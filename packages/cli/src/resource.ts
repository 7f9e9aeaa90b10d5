import { AzureResource } from "@appservice-msi/credential";
import { UsageError } from "./failure.ts";
import { isGuid } from "./guid.ts";
import { closestName } from "./suggestion.ts";

const { usGovernment, china, ...publicCloud } = AzureResource;

/** All resources that have a name: `storage`, `keyVault`, `usGovernment.keyVault` … */
export const resourcesByName: Readonly<Record<string, string>> = {
  ...publicCloud,
  ...prefixed("usGovernment", usGovernment),
  ...prefixed("china", china),
};

/** The names of the public cloud's resources. */
export const publicResourceNames: readonly string[] = Object.keys(publicCloud);

const absoluteUri = /^[a-z][a-z\d+.-]*:\/\/\S+$/i;
const hostName = /^[a-z\d-]+(?:\.[a-z\d-]+)+(?:\/\S*)?$/i;

/**
 * The resource that a text on the command line stands for: a short name, a URI, an application's id, or a scope of one of them.
 *
 * @throws UsageError when it is none, with a suggestion where there is one.
 */
export function toResource(text: string): string {
  const named = findByName(text);
  if (named !== undefined) {
    return named;
  }
  const resource = withoutDefault(text.trim());
  if (absoluteUri.test(resource) || isGuid(resource)) {
    return resource;
  }
  throw new UsageError(`"${text}" is no resource. ${suggestion(resource)}`);
}

/** A scope without its `/.default`. */
export function withoutDefault(scope: string): string {
  return scope.replace(/\/\.default$/, "");
}

function findByName(text: string): string | undefined {
  const wanted = inShort(text);
  const name = Object.keys(resourcesByName).find((known) => inShort(known) === wanted);
  return name === undefined ? undefined : resourcesByName[name];
}

/** `key-vault`, `keyvault` and `keyVault` are one name. */
function inShort(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, "");
}

function suggestion(resource: string): string {
  if (resource.endsWith(".") || hostName.test(resource)) {
    return `Did you mean https://${resource}?`;
  }
  const closest = closestName(resource, Object.keys(resourcesByName));
  return closest === undefined
    ? `Give a URI such as https://vault.azure.net, or one of ${publicResourceNames.join(", ")}.`
    : `Did you mean ${closest}?`;
}

function prefixed(cloud: string, resources: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(resources).map(([name, resource]) => [`${cloud}.${name}`, resource]));
}
