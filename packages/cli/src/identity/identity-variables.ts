import type { Environment } from "../io.ts";
import { plain, plainUrl } from "../plain-text.ts";
import { type AzureHost, type AzureHostName, emulatorVariable } from "./azure-host.ts";

/** What a variable means, where it is set. */
type Meaning = string | ((value: string) => string);

/** A variable that has to do with managed identity. */
interface IdentityVariable {
  /** How its value may be shown. Default: as it is. */
  readonly show?: (value: string) => string;
  readonly means: Meaning;
  /** Where a host gives it another meaning. */
  readonly on?: Readonly<Partial<Record<AzureHostName, Meaning>>>;
}

/** A secret is never shown, but whether there is one, and how long it is, tells of copies that went wrong. */
const secret = (value: string): string => `[redacted, ${value.length} characters]`;

const endpointOfFabric = "Service Fabric's token endpoint; it wants a certificate check, and is another one";
const endpointOfArc = "Azure Arc's token endpoint; it wants a key from a file, and is another one";

const proxy: IdentityVariable = {
  show: plainUrl,
  means: "a proxy; a tool that obeys it shows it the endpoint's secret, unless NO_PROXY names the endpoint's host",
};
const noProxy: IdentityVariable = { means: "hosts that are reached without the proxy" };

/** The variables, in the order in which they matter. */
export const identityVariables: Readonly<Record<string, IdentityVariable>> = {
  IDENTITY_ENDPOINT: {
    show: plainUrl,
    means: "where tokens are asked for, in API version 2019-08-01 first",
    on: { "service-fabric": endpointOfFabric, "azure-arc": endpointOfArc },
  },
  IDENTITY_HEADER: {
    show: secret,
    means: "the secret that goes with it, in the header X-IDENTITY-HEADER; the platform rotates it",
    on: { "service-fabric": "the secret that goes with it, in the header secret" },
  },
  MSI_ENDPOINT: {
    show: plainUrl,
    means: "the older name of IDENTITY_ENDPOINT; asked in 2017-09-01 where the newer pair is not set",
    on: {
      "cloud-shell": "Cloud Shell's token endpoint, which is another one",
      "container-apps": "set without MSI_SECRET here, so it is ignored",
      "azure-ml": "where tokens are asked for, in API version 2017-09-01",
    },
  },
  MSI_SECRET: { show: secret, means: "the older name of IDENTITY_HEADER, sent in the header secret" },
  AZURE_CLIENT_ID: {
    means: (value) =>
      value.trim() === ""
        ? "set, but empty: the same as not set, and some tools send it as it is"
        : "the client id of the user-assigned identity to ask for, unless another one is named",
  },
  DEFAULT_IDENTITY_CLIENT_ID: { means: "client id of the identity that Azure Machine Learning gives the compute" },
  AZURE_TOKEN_CREDENTIALS: { means: "which credentials DefaultAzureCredential tries; nothing here reads it" },
  WEBSITE_DISABLE_MSI: { means: 'with "true" the platform turns its identity endpoint off' },
  IDENTITY_SERVER_THUMBPRINT: { means: "the certificate of Service Fabric's endpoint: the mark of Service Fabric" },
  IMDS_ENDPOINT: { show: plainUrl, means: "the metadata service of an Azure Arc machine: the mark of Azure Arc" },
  AZURE_POD_IDENTITY_AUTHORITY_HOST: { show: plainUrl, means: "where Azure SDKs look for a VM's endpoint instead" },
  WEBSITE_SITE_NAME: { means: "the name of the App Service or Functions app" },
  FUNCTIONS_WORKER_RUNTIME: { means: "the language of the Functions app" },
  CONTAINER_APP_NAME: { means: "the name of the container app" },
  HTTP_PROXY: proxy,
  http_proxy: proxy,
  NO_PROXY: noProxy,
  no_proxy: noProxy,
  [emulatorVariable]: {
    show: plainUrl,
    means: "an emulator runs there, and the variables above are its own",
  },
};

/** A variable as it may be shown. */
export interface ShownVariable {
  readonly name: string;
  readonly set: boolean;
  /** Without secrets; absent where it is not set. */
  readonly value?: string;
  readonly redacted?: true;
  readonly means: string;
}

/** The variables with their values and what they mean on a host. */
export function describeVariables(env: Environment, host: AzureHost): ShownVariable[] {
  return Object.entries(identityVariables).map(([name, variable]) => {
    const value = env[name];
    const meaning = variable.on?.[host.name] ?? variable.means;
    const means = typeof meaning === "string" ? meaning : meaning(value ?? "x");
    return value === undefined ? { name, set: false, means } : { name, set: true, ...shown(value, variable), means };
  });
}

function shown(value: string, { show }: IdentityVariable): Pick<ShownVariable, "value" | "redacted"> {
  if (value.trim() === "") {
    return { value: JSON.stringify(value) };
  }
  return show === secret ? { value: secret(value), redacted: true } : { value: (show ?? plain)(value) };
}
