import { AppServiceMsiError } from "./errors.ts";

const defaultSuffix = "/.default";

/**
 * The resource a scope stands for: the scope without one trailing `/.default`, and nothing else changed. Slashes stay as
 * they are, because `https://vault.azure.net` and `https://vault.azure.net/` are two audiences.
 *
 * @throws AppServiceMsiError `INVALID_SCOPE` for no scope, an empty one, or several.
 * @throws TypeError when it is neither a string nor an array of strings.
 */
export function toResource(scopes: string | readonly string[]): string {
  const scope = onlyScope(scopes);
  const resource = scope.endsWith(defaultSuffix) ? scope.slice(0, -defaultSuffix.length) : scope;
  if (resource.trim() === "") {
    throw new AppServiceMsiError(
      "INVALID_SCOPE",
      `The scope ${JSON.stringify(scope)} names no resource. Pass one such as "https://storage.azure.com/.default".`,
    );
  }
  return resource;
}

function onlyScope(scopes: string | readonly string[]): string {
  if (typeof scopes === "string") {
    return scopes;
  }
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === "string")) {
    throw new TypeError("getToken takes a scope as a string or as an array of one string.");
  }
  const [scope] = scopes;
  if (scope === undefined || scopes.length > 1) {
    throw new AppServiceMsiError(
      "INVALID_SCOPE",
      `getToken was given ${scopes.length === 0 ? "no scope" : `${scopes.length} scopes`}, and a managed identity token is for exactly one resource. Pass one scope; call getToken once for each resource.`,
    );
  }
  return scope;
}
