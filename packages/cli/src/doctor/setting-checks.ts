import { exitCodes } from "../exit-codes.ts";
import { plain, plainUrl } from "../plain-text.ts";
import { type Check, fail, pass, skip, warn } from "./check.ts";
import { bypassesProxy } from "./no-proxy.ts";

/** The metadata service of virtual machines. App Service has none. */
const vmAddress = "169.254.169.254";

const proxyNames = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** What DefaultAzureCredential of @azure/identity takes for AZURE_TOKEN_CREDENTIALS, and whether managed identity is in it. */
const tokenCredentials: Readonly<Record<string, boolean>> = {
  prod: true,
  managedidentitycredential: true,
  dev: false,
  environmentcredential: false,
  workloadidentitycredential: false,
  visualstudiocodecredential: false,
  azureclicredential: false,
  azurepowershellcredential: false,
  azuredeveloperclicredential: false,
};

/** Proxies between the app and the endpoint. */
export const proxyCheck: Check = {
  name: "proxy",
  title: "No proxy stands in between",
  remedy:
    "Add the endpoint's host to NO_PROXY. This credential never uses a proxy, but other tools would send it the endpoint's secret, and get no token.",
  exitCode: exitCodes.unreachable,
  judge({ env, endpointVariable }) {
    const proxy = proxyNames.find((name) => (env[name] ?? "").trim() !== "");
    if (proxy === undefined) {
      return pass("none is set");
    }
    const endpoint = endpointVariable === undefined ? "" : (env[endpointVariable] ?? "").trim();
    const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
    if (url === undefined) {
      return skip(`${proxy} is set, but there is no endpoint`);
    }
    return bypassesProxy(url, env["NO_PROXY"] ?? env["no_proxy"] ?? "")
      ? pass(`NO_PROXY names ${url.hostname}`)
      : warn(`${proxy} is ${plainUrl(env[proxy] ?? "")}, and NO_PROXY does not name ${url.hostname}`);
  },
};

/** The recipe for virtual machines, used where it does not belong. */
export const vmAddressCheck: Check = {
  name: "vm-address",
  title: `Nothing points at ${vmAddress}`,
  remedy: `Remove it. ${vmAddress} is the endpoint of virtual machines: App Service, Functions and Container Apps do not have it, and the platform sets their own.`,
  exitCode: exitCodes.notConfigured,
  judge({ env, endpointVariable }) {
    const names = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT", "IMDS_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"];
    const pointing = names.filter((name) => env[name]?.includes(vmAddress));
    if (pointing.length === 0) {
      return pass("no variable does");
    }
    const isAsked = endpointVariable === undefined || pointing.includes(endpointVariable);
    return (isAsked ? fail : warn)(`${pointing.join(" and ")} does`);
  },
};

/** A setting that changes what DefaultAzureCredential tries. */
export const tokenCredentialsCheck: Check = {
  name: "token-credentials",
  title: "AZURE_TOKEN_CREDENTIALS lets managed identity in",
  remedy: 'Delete it, or set it to "prod" or "ManagedIdentityCredential". Only DefaultAzureCredential reads it.',
  exitCode: exitCodes.notConfigured,
  judge({ env }) {
    const value = env["AZURE_TOKEN_CREDENTIALS"];
    if (value === undefined || value.trim() === "") {
      return pass("not set");
    }
    const included = tokenCredentials[value.trim().toLowerCase()];
    if (included === true) {
      return pass(plain(value));
    }
    return warn(
      included === false
        ? `it is "${plain(value)}": DefaultAzureCredential does not try managed identity at all`
        : `"${plain(value)}" is no value of it: DefaultAzureCredential throws`,
    );
  },
};

/** The platform's switch. */
export const disabledCheck: Check = {
  name: "not-disabled",
  title: "WEBSITE_DISABLE_MSI does not turn it off",
  remedy: "Delete the app setting WEBSITE_DISABLE_MSI and restart the app.",
  exitCode: exitCodes.notConfigured,
  judge({ env, probes }) {
    const value = (env["WEBSITE_DISABLE_MSI"] ?? "").trim();
    if (value === "" || /^(?:0|false)$/i.test(value)) {
      return pass(value === "" ? "not set" : plain(value));
    }
    const reason = `it is "${plain(value)}"`;
    return probes.some(({ granted }) => granted) ? warn(`${reason}, though the endpoint answers`) : fail(reason);
  },
};
