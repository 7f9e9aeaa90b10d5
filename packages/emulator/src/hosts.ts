import type { ExpiresOnForm } from "./expires-on.ts";
import type { ApiVersion } from "./protocols.ts";

/** The Azure services whose identity endpoint can be played. */
export type HostName =
  | "app-service-linux"
  | "app-service-windows"
  | "functions-linux-consumption"
  | "container-apps"
  | "azure-ml";

/** The environment variables a host may set for the app. */
export type VariableName =
  | "IDENTITY_ENDPOINT"
  | "IDENTITY_HEADER"
  | "MSI_ENDPOINT"
  | "MSI_SECRET"
  | "DEFAULT_IDENTITY_CLIENT_ID";

/** Why a host refuses a request. */
export type RefusalName =
  | "wrong-verb"
  | "missing-api-version"
  | "unsupported-api-version"
  | "wrong-secret"
  | "missing-resource"
  | "several-ids"
  | "empty-id"
  | "unknown-identity"
  | "no-identity"
  | "wrong-resource";

/** How a host words a refusal. */
export interface Refusal {
  readonly status: number;
  /**
   * `message`: `{statusCode, message, correlationId}`; `versioning`: `{error: {code, message, innerError}}`;
   * `text`: the message alone; `empty`: nothing.
   */
  readonly body: "message" | "versioning" | "text" | "empty";
  /** One text, or one per API version. `{uri}`, `{address}` (the URI without its query) and `{apiVersion}` stand for what was asked. */
  readonly message?: string | Readonly<Partial<Record<ApiVersion, string>>>;
  /** The error code of a `versioning` body. */
  readonly code?: string;
  /** Where the fact is from. What begins with "guess" is one. */
  readonly source: string;
}

/** How a host writes its answers to one API version. */
export interface Answers {
  readonly expiresOn: ExpiresOnForm;
  /** Letter case of the names in a `message` body: `statusCode` or `StatusCode`. */
  readonly errorNames: "camelCase" | "PascalCase";
  readonly source: string;
}

/** Everything in which one host differs from another. */
export interface Host {
  readonly name: HostName;
  readonly title: string;
  /** Path of the token endpoint. Letter case and a trailing slash do not matter in a request. */
  readonly path: string;
  readonly variables: readonly VariableName[];
  /** Where path and variables are from. */
  readonly source: string;
  readonly apiVersions: Readonly<Partial<Record<ApiVersion, Answers>>>;
  /** The Azure resource type of the app, which its system-assigned identity is named after. */
  readonly resourceType: string;
  /** Headers on every answer of the token endpoint. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the system-assigned identity may be asked for by its ids too. */
  readonly systemAssignedById: boolean;
  /** `empty-id` is there only where an empty id is not the same as none. */
  readonly refusals: Readonly<Record<Exclude<RefusalName, "empty-id">, Refusal> & { "empty-id"?: Refusal }>;
}

const restReference = "https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference";

/** What App Service answers; the other hosts differ in some of it. */
const appServiceRefusals: Host["refusals"] = {
  "wrong-verb": {
    status: 405,
    body: "empty",
    source: "guess: as Container Apps, https://github.com/microsoft/azure-container-apps/issues/502",
  },
  "missing-api-version": {
    status: 400,
    body: "versioning",
    code: "ApiVersionUnspecified",
    message: "An API version is required, but was not specified.",
    source: "guess: the ASP.NET versioning library whose UnsupportedApiVersion the endpoint is known to give",
  },
  "unsupported-api-version": {
    status: 400,
    body: "versioning",
    code: "UnsupportedApiVersion",
    message: "The HTTP resource that matches the request URI '{uri}' does not support the API version '{apiVersion}'.",
    source: "https://github.com/Azure/azure-sdk-for-net/issues/16278",
  },
  "wrong-secret": {
    status: 401,
    body: "empty",
    source: "status: https://github.com/MicrosoftDocs/azure-docs/issues/53726; body: guess",
  },
  "missing-resource": {
    status: 400,
    body: "message",
    message: "The resource parameter is missing, repeated, or no resource URI.",
    source: `that it is required: ${restReference}; status and wording: guess`,
  },
  "several-ids": {
    status: 400,
    body: "message",
    message: "Only one of client_id, principal_id, object_id and mi_res_id may be given, and once.",
    source: `that they exclude one another: ${restReference}; status and wording: guess`,
  },
  "unknown-identity": {
    status: 400,
    body: "message",
    message: "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
    source:
      "2019-08-01: https://github.com/Azure-Samples/azure-search-openai-demo/issues/2148; 2017-09-01: guess, the same",
  },
  "no-identity": {
    status: 400,
    body: "message",
    message: "Unable to load requested managed identity.",
    source: "https://github.com/Azure/go-autorest/issues/577",
  },
  "wrong-resource": {
    status: 500,
    body: "message",
    message: "An unexpected error occured while fetching the AAD Token.",
    // The spelling is the service's. A permanent mistake that looks like a passing fault.
    source:
      "body: https://github.com/Azure/azure-sdk-for-net/issues/44685; that a scope gives it: https://github.com/Azure/azure-functions-host/issues/9884",
  },
};

/** All four variables, the MSI pair an alias of the IDENTITY pair. */
const bothPairs: readonly VariableName[] = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"];

const dateForms = "https://github.com/Azure/azure-sdk-for-python/pull/9480";

/** On Windows an identity that is not there and none at all are the same to 2017-09-01. */
const windowsUnknownIdentity: Refusal = {
  ...appServiceRefusals["unknown-identity"],
  message: {
    "2019-08-01": "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
    "2017-09-01": "No MSI found for specified ClientId/ResourceId.",
  },
  source: "2017-09-01: https://github.com/MicrosoftDocs/azure-docs/issues/43543; 2019-08-01: guess, as on Linux",
};

/** 2017-09-01 on Linux, Consumption plan or not. */
const linux2017: Answers = {
  expiresOn: "us-24h",
  errorNames: "camelCase",
  source: `dates: ${dateForms}; names: https://github.com/Azure/go-autorest/issues/577`,
};

/** The hosts, one row each. The first is the default. */
export const hosts: Readonly<Record<HostName, Host>> = {
  "app-service-linux": {
    name: "app-service-linux",
    title: "App Service on Linux",
    path: "/msi/token",
    variables: bothPairs,
    source: "https://github.com/Azure/azure-sdk-for-js/issues/11595",
    apiVersions: {
      "2019-08-01": { expiresOn: "epoch-string", errorNames: "camelCase", source: restReference },
      "2017-09-01": linux2017,
    },
    resourceType: "Microsoft.Web/sites",
    headers: { server: "Kestrel" },
    systemAssignedById: false,
    refusals: appServiceRefusals,
  },
  "app-service-windows": {
    name: "app-service-windows",
    title: "App Service on Windows",
    path: "/MSI/token/",
    variables: bothPairs,
    source: "https://github.com/Azure/azure-sdk-for-node/issues/2292",
    apiVersions: {
      "2019-08-01": { expiresOn: "epoch-string", errorNames: "camelCase", source: restReference },
      "2017-09-01": {
        expiresOn: "us-12h",
        errorNames: "PascalCase",
        source: `dates: ${dateForms}; names: https://github.com/MicrosoftDocs/azure-docs/issues/43543`,
      },
    },
    resourceType: "Microsoft.Web/sites",
    headers: {},
    systemAssignedById: false,
    refusals: {
      ...appServiceRefusals,
      "unknown-identity": windowsUnknownIdentity,
      "no-identity": windowsUnknownIdentity,
    },
  },
  "functions-linux-consumption": {
    name: "functions-linux-consumption",
    title: "Functions on Linux, Consumption plan, as before 2022",
    path: "/msi/token",
    variables: bothPairs,
    source:
      "https://github.com/Azure/azure-sdk-for-net/issues/16278, https://github.com/MicrosoftDocs/azure-docs/issues/87921",
    apiVersions: {
      "2017-09-01": linux2017,
    },
    resourceType: "Microsoft.Web/sites",
    headers: { server: "Kestrel" },
    systemAssignedById: false,
    refusals: appServiceRefusals,
  },
  "container-apps": {
    name: "container-apps",
    title: "Container Apps",
    path: "/msi/token",
    // MSI_ENDPOINT without MSI_SECRET: what makes some clients take it for Cloud Shell.
    variables: ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT"],
    source: "https://github.com/microsoft/azure-container-apps/issues/502",
    apiVersions: {
      "2019-08-01": { expiresOn: "epoch-string", errorNames: "camelCase", source: restReference },
    },
    resourceType: "Microsoft.App/containerApps",
    headers: { server: "Kestrel" },
    systemAssignedById: false,
    refusals: {
      ...appServiceRefusals,
      "wrong-verb": {
        status: 405,
        body: "empty",
        source: "https://github.com/microsoft/azure-container-apps/issues/502",
      },
      "wrong-secret": {
        status: 403,
        body: "empty",
        source: "https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/issues/5245",
      },
      "unsupported-api-version": {
        ...appServiceRefusals["unsupported-api-version"],
        message:
          "The HTTP resource that matches the request URI '{address}' does not support the API version '{apiVersion}'.",
        source: "https://github.com/hashicorp/terraform-provider-azurerm/issues/18587",
      },
      "empty-id": {
        status: 500,
        body: "message",
        message: "invalid_scope",
        source: "guess: as Microsoft Entra words an empty scope",
      },
      "no-identity": {
        status: 400,
        body: "message",
        message: "Unable to load the proper Managed Identity.",
        source: "https://github.com/microsoft/azure-container-apps/issues/442",
      },
    },
  },
  "azure-ml": {
    name: "azure-ml",
    title: "Azure Machine Learning compute",
    path: "/MSI/auth/",
    variables: ["MSI_ENDPOINT", "MSI_SECRET", "DEFAULT_IDENTITY_CLIENT_ID"],
    source: "https://github.com/Azure/azure-cli/issues/28220, https://github.com/Azure/azure-sdk-for-python/pull/36047",
    apiVersions: {
      "2017-09-01": {
        expiresOn: "epoch-number",
        errorNames: "PascalCase",
        source: "dates: https://github.com/Azure/azure-sdk-for-python/issues/33325; names: guess",
      },
    },
    resourceType: "Microsoft.MachineLearningServices/workspaces",
    headers: {},
    // DEFAULT_IDENTITY_CLIENT_ID names it: https://github.com/Azure/azure-sdk-for-python/pull/36047
    systemAssignedById: true,
    refusals: {
      ...appServiceRefusals,
      "wrong-secret": {
        status: 401,
        body: "text",
        message: "Invalid secret token header: .",
        source: "body: https://github.com/Azure/azure-sdk-for-net/issues/46932; status: guess",
      },
    },
  },
};
