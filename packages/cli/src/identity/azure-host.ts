import type { Environment } from "../io.ts";

/** What a process may be running on, as its variables tell. */
export type AzureHostName =
  | "service-fabric"
  | "azure-arc"
  | "cloud-shell"
  | "container-apps"
  | "azure-ml"
  | "functions"
  | "app-service-windows"
  | "app-service-linux"
  | "none";

/** A host, and how it is recognised. */
export interface AzureHost {
  readonly name: AzureHostName;
  readonly title: string;
  /** Whether it has the endpoint of App Service. */
  readonly offersEndpoint: boolean;
  /** Whether the variables are those of this host; the first one that says yes is it. */
  is(env: Environment): boolean;
}

/** The variable with which the emulator is found; with it, all the others are the emulator's. */
export const emulatorVariable = "APPSERVICE_MSI_EMULATOR";

const has = (env: Environment, ...names: string[]): boolean => names.every((name) => (env[name] ?? "").trim() !== "");
const lacks = (env: Environment, ...names: string[]): boolean => names.every((name) => !has(env, name));

const hasPair = (env: Environment): boolean =>
  has(env, "IDENTITY_ENDPOINT", "IDENTITY_HEADER") || has(env, "MSI_ENDPOINT", "MSI_SECRET");

/** The hosts, the ones with the plainest marks first. */
const azureHosts: readonly AzureHost[] = [
  {
    name: "service-fabric",
    title: "Service Fabric",
    offersEndpoint: false,
    is: (env) => has(env, "IDENTITY_SERVER_THUMBPRINT"),
  },
  {
    name: "azure-arc",
    title: "Azure Arc",
    offersEndpoint: false,
    is: (env) => has(env, "IDENTITY_ENDPOINT", "IMDS_ENDPOINT") && lacks(env, "IDENTITY_HEADER"),
  },
  {
    name: "container-apps",
    title: "Container Apps",
    offersEndpoint: true,
    is: (env) =>
      has(env, "CONTAINER_APP_NAME") ||
      (has(env, "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT") && lacks(env, "MSI_SECRET")),
  },
  {
    name: "functions",
    title: "Functions",
    offersEndpoint: true,
    is: (env) => has(env, "FUNCTIONS_WORKER_RUNTIME") || has(env, "FUNCTIONS_EXTENSION_VERSION"),
  },
  {
    name: "azure-ml",
    title: "Azure Machine Learning",
    offersEndpoint: true,
    is: (env) => lacks(env, "IDENTITY_ENDPOINT") && has(env, "MSI_ENDPOINT", "DEFAULT_IDENTITY_CLIENT_ID"),
  },
  {
    name: "app-service-windows",
    title: "App Service on Windows",
    offersEndpoint: true,
    is: (env) =>
      (hasPair(env) && /\/MSI\/token\/?$/.test(endpointOf(env))) ||
      (has(env, "WEBSITE_SITE_NAME") && env["OS"] === "Windows_NT"),
  },
  {
    name: "app-service-linux",
    title: "App Service or Functions on Linux",
    offersEndpoint: true,
    is: (env) => hasPair(env) || has(env, "WEBSITE_SITE_NAME"),
  },
  {
    name: "cloud-shell",
    title: "Cloud Shell",
    offersEndpoint: false,
    is: (env) => has(env, "MSI_ENDPOINT") && lacks(env, "MSI_SECRET", "IDENTITY_ENDPOINT"),
  },
];

/** Somewhere else: a desk, a build agent, or a shell that lacks the variables of its app. */
const noHost: AzureHost = { name: "none", title: "none that is known here", offersEndpoint: false, is: () => true };

/** Whether the variables are an emulator's. */
export function isEmulated(env: Environment): boolean {
  return has(env, emulatorVariable);
}

/** The host that the variables are those of. */
export function recogniseHost(env: Environment): AzureHost {
  return azureHosts.find((host) => host.is(env)) ?? noHost;
}

function endpointOf(env: Environment): string {
  return (env["IDENTITY_ENDPOINT"] ?? env["MSI_ENDPOINT"] ?? "").trim();
}
