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
  /** One status, or one per API version. */
  readonly status: number | Readonly<Record<ApiVersion, number>>;
  /**
   * `message`: `{statusCode, message, correlationId}`; `versioning`: `{error: {code, message, innerError}}`;
   * `text`: the message alone; `empty`: nothing.
   */
  readonly body: "message" | "versioning" | "text" | "empty";
  /** One text, or one per API version. `{uri}`, `{address}` (the URI without its query) and `{apiVersion}` stand for what was asked. */
  readonly message?: string | Readonly<Partial<Record<ApiVersion, string>>>;
  /** The error code of a `versioning` body. */
  readonly code?: string;
  /** Where each fact is from. What says "guess" is one. */
  readonly source: string;
}

/** A property of the answer with a token. */
export type TokenField = "access_token" | "expires_in" | "expires_on" | "resource" | "token_type" | "client_id";

/** How a host answers in one API version. */
export interface Answers {
  readonly expiresOn: ExpiresOnForm;
  /** What the answer with a token holds, in this order. */
  readonly fields: readonly TokenField[];
  /** Content type of the answer with a token. `undefined`: it has none. */
  readonly contentType: string | undefined;
  /** Letter case of the names in a `message` body: `statusCode` or `StatusCode`. */
  readonly errorNames: "camelCase" | "PascalCase";
  /** What becomes of a request for an identity that the app does not have, while it has a system-assigned one. */
  readonly unknownIdentity: "refused" | "system-assigned";
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

/** Somebody of the platform lists there what 2019-08-01 changed: the header, the ids, the dates, and two answers. */
const changesOf2019 = "https://github.com/Azure/azure-sdk-for-net/issues/26578";

const usualFields: readonly TokenField[] = ["access_token", "expires_on", "resource", "token_type", "client_id"];
const usualContentType = "application/json; charset=utf-8";

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
    status: { "2019-08-01": 403, "2017-09-01": 401 },
    body: "empty",
    source: `status: ${changesOf2019}; body: guess, as Container Apps`,
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
      "https://github.com/Azure-Samples/azure-search-openai-demo/issues/2148; in 2017-09-01, of an app without a system-assigned identity: guess, the same",
  },
  "no-identity": {
    status: 400,
    body: "message",
    message: "Unable to load requested managed identity.",
    source: "2017-09-01: https://github.com/Azure/azure-cli/issues/20196; 2019-08-01: guess, the same",
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

/** On Windows an identity that is not there and none at all are taken to be the same to 2017-09-01. */
const windowsUnknownIdentity: Refusal = {
  ...appServiceRefusals["unknown-identity"],
  message: {
    "2019-08-01": "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
    "2017-09-01": "No MSI found for specified ClientId/ResourceId.",
  },
  source:
    "2017-09-01, when none is asked for: https://github.com/MicrosoftDocs/azure-docs/issues/43543; when an unknown one is: guess; 2019-08-01: guess, as on Linux",
};

/** 2019-08-01 on App Service and Container Apps. */
const usual2019: Answers = {
  expiresOn: "epoch-string",
  fields: usualFields,
  contentType: usualContentType,
  errorNames: "camelCase",
  unknownIdentity: "refused",
  source: `${restReference}; unknown identities: ${changesOf2019}; content type: https://github.com/Azure/azure-sdk-for-net/issues/43691`,
};

/** 2017-09-01 on Linux, Consumption plan or not. */
const linux2017: Answers = {
  expiresOn: "us-24h",
  fields: usualFields,
  contentType: usualContentType,
  errorNames: "camelCase",
  unknownIdentity: "system-assigned",
  source: `dates: ${dateForms}; fields: https://github.com/microsoft/mssql-jdbc/issues/1135; names in errors: https://github.com/Azure/azure-cli/issues/20196; unknown identities: ${changesOf2019}; content type: guess, as in 2019-08-01`,
};

const withoutContentType = "https://github.com/Azure/azure-sdk-for-net/issues/12869";

/** A request to Azure Machine Learning and its answer, as a test of the Azure SDK for Go recorded them. */
const recordedMachineLearning =
  "https://github.com/Azure/azure-sdk-assets/blob/191110b0dd12/go/sdk/azidentity/testdata/recordings/TestManagedIdentityCredential_AzureMLLive.json";

/** The hosts, one row each. The first is the default. */
export const hosts: Readonly<Record<HostName, Host>> = {
  "app-service-linux": {
    name: "app-service-linux",
    title: "App Service on Linux",
    path: "/msi/token",
    variables: bothPairs,
    source: "https://github.com/Azure/azure-sdk-for-js/issues/11595",
    apiVersions: {
      "2019-08-01": usual2019,
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
      "2019-08-01": {
        ...usual2019,
        contentType: undefined,
        source: `${restReference}; unknown identities: ${changesOf2019}; no content type: guess, as in 2017-09-01`,
      },
      "2017-09-01": {
        expiresOn: "us-12h",
        fields: usualFields,
        contentType: undefined,
        errorNames: "PascalCase",
        unknownIdentity: "system-assigned",
        source: `dates: ${dateForms}; fields: guess, as on Linux; no content type: ${withoutContentType}; names in errors: https://github.com/MicrosoftDocs/azure-docs/issues/43543; unknown identities: ${changesOf2019}`,
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
      "2019-08-01": usual2019,
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
    path: "/MSI/auth",
    variables: ["MSI_ENDPOINT", "MSI_SECRET", "DEFAULT_IDENTITY_CLIENT_ID"],
    source:
      "https://github.com/Azure/azure-sdk-for-python/issues/32921, https://github.com/Azure/azure-sdk-for-python/pull/36047",
    apiVersions: {
      "2017-09-01": {
        expiresOn: "epoch-number",
        fields: ["access_token", "expires_in", "expires_on", "resource", "token_type"],
        contentType: "application/json",
        errorNames: "PascalCase",
        unknownIdentity: "refused",
        source: `dates, fields, content type: ${recordedMachineLearning}; names in errors, unknown identities: guess`,
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
      "no-identity": {
        status: 404,
        body: "text",
        message: "SSO failure: unable to retrieve a token. Error Token service emulated-app. Token not found",
        source:
          "body: https://github.com/Azure/azure-sdk-for-python/issues/34250; status: https://github.com/Azure/azure-sdk-for-python/issues/32921",
      },
    },
  },
};
