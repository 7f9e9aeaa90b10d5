// Some sources, named in full once:
// - AzureEnvironmentConstants.cs: https://github.com/Azure/azure-powershell-common, src/Authentication.Abstractions
// - cloud.py: https://github.com/Azure/azure-cli, src/azure-cli-core/azure/cli/core
// - providerSettings.ts: https://github.com/microsoft/azuredatastudio, extensions/azurecore/src/account-provider
// - _azure_environments.py: https://github.com/Azure/azure-sdk-for-python, sdk/ml/azure-ai-ml/azure/ai/ml
// - TableAudience.cs: https://github.com/Azure/azure-sdk-for-net, sdk/tables/Azure.Data.Tables/src
// A source that starts with @ (or is called azure-iothub or azure-kusto-data) is an npm package.

/**
 * The resources a token can be for, by the name of the service: what Azure calls the `resource` of a managed identity
 * token, and what becomes a scope with `/.default` after it. `getToken` takes either.
 *
 * ```ts
 * const { token } = await credential.getToken(AzureResource.keyVault);
 * ```
 *
 * Use a value as it stands. Its slashes count: `https://database.windows.net` and `https://database.windows.net/` are
 * two audiences, and each value here is written the way the service's own SDK or documentation writes it. A few are the
 * ID of an application instead of a URI.
 *
 * The names at the top are for the public cloud. `usGovernment` and `china` hold the ones that are different there; a
 * name they lack has the same value in that cloud, or one that could not be verified.
 */
export const AzureResource = {
  /** Blob, Queue, Table and File storage, and Data Lake Storage Gen2. @azure/storage-blob: `StorageOAuthScopes`. */
  storage: "https://storage.azure.com",
  /** Key Vault. @azure/keyvault-secrets: the default scope in keyVaultContext.js. */
  keyVault: "https://vault.azure.net",
  /** Key Vault Managed HSM. AzureEnvironmentConstants.cs: `AzureManagedHsmServiceEndpointResourceId`. */
  managedHsm: "https://managedhsm.azure.net",
  /** Microsoft Graph. https://learn.microsoft.com/graph/deployments */
  graph: "https://graph.microsoft.com",
  /** Azure Resource Manager. @azure/arm-resources: the default endpoint in resourceManagementClient.js. */
  resourceManager: "https://management.azure.com",
  /** Another identity's application, by federation. https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
  tokenExchange: "api://AzureADTokenExchange",

  /** SQL Database, SQL Managed Instance. https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/tutorial-windows-vm-access-sql */
  sql: "https://database.windows.net/",
  /** Database for PostgreSQL. https://learn.microsoft.com/azure/service-connector/how-to-integrate-postgres */
  postgres: "https://ossrdbms-aad.database.windows.net",
  /** Database for MySQL. https://learn.microsoft.com/azure/mysql/flexible-server/how-to-azure-ad */
  mysql: "https://ossrdbms-aad.database.windows.net",
  /** Cosmos DB. @azure/cosmos: `AAD_DEFAULT_SCOPE`. */
  cosmosDb: "https://cosmos.azure.com",
  /** Azure Managed Redis, Azure Cache for Redis. @redis/entraid: `REDIS_SCOPE`. */
  redis: "https://redis.azure.com",
  /** Data Explorer, also known as Kusto. azure-kusto-data: `KustoServiceResourceId` in cloudSettings.js. */
  dataExplorer: "https://kusto.kusto.windows.net",
  /** Synapse Analytics. @azure/synapse-artifacts: the default scope in artifactsClient.js. */
  synapse: "https://dev.azuresynapse.net",
  /** Azure Databricks. @databricks/sql: `AzureOAuthManager` in OAuthManager.js. */
  databricks: "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
  /** Microsoft Purview. https://github.com/Azure/azure-sdk-for-js: sdk/purview/purview-catalog-rest/src/purviewCatalog.ts */
  purview: "https://purview.azure.net",

  /** Service Bus, in every cloud. @azure/core-amqp: `Constants.aadServiceBusAudience`. */
  serviceBus: "https://servicebus.azure.net/",
  /** Event Hubs, in every cloud. @azure/core-amqp: `Constants.aadEventHubsAudience`. */
  eventHubs: "https://eventhubs.azure.net/",
  /** Event Grid. @azure/eventgrid: `DEFAULT_EVENTGRID_SCOPE`. */
  eventGrid: "https://eventgrid.azure.net",
  /** Azure Relay. https://github.com/Azure/azure-relay: samples/hybrid-connections/node/rolebasedaccesscontrol */
  relay: "https://relay.azure.net/",
  /** SignalR Service. https://github.com/Azure/azure-signalr: `AsrsDefaultScope` in Constants.cs. */
  signalR: "https://signalr.azure.com",
  /** Web PubSub. @azure/web-pubsub: the scope in hubClient.js. */
  webPubSub: "https://webpubsub.azure.com",
  /** Communication Services. @azure/communication-common: the scope in communicationAuthPolicy.js. */
  communication: "https://communication.azure.com/",
  /** IoT Hub. azure-iothub: the scope in registry.ts. */
  iotHub: "https://iothubs.azure.net",
  /** Digital Twins. @azure/digital-twins-core: `DEFAULT_DIGITALTWINS_SCOPE`. */
  digitalTwins: "https://digitaltwins.azure.net",

  /** Azure Monitor ingestion. @azure/monitor-ingestion: `KnownMonitorAudience`. */
  monitor: "https://monitor.azure.com",
  /** Log Analytics queries. @azure/monitor-query-logs: `KnownMonitorLogsQueryAudience`. */
  logAnalytics: "https://api.loganalytics.io",
  /** Azure Monitor metrics queries, many resources at once. @azure/monitor-query 1.3: `KnownMonitorAudience`. */
  metrics: "https://metrics.monitor.azure.com",
  /** Application Insights queries. cloud.py: `app_insights_resource_id`. */
  applicationInsights: "https://api.applicationinsights.io",

  /** Azure AI services, once Cognitive Services. @azure/ai-form-recognizer: `KnownFormRecognizerAudience`. */
  cognitiveServices: "https://cognitiveservices.azure.com",
  /** Azure OpenAI. @azure/openai: the scope in README.md. */
  openAi: "https://cognitiveservices.azure.com",
  /** Microsoft Foundry projects and agents. @azure/ai-projects: the scope in aiProjectClient.js. */
  foundry: "https://ai.azure.com",
  /** Azure AI Search. @azure/search-documents: `KnownSearchAudience`. */
  search: "https://search.azure.com",
  /** Azure Machine Learning. _azure_environments.py: `AML_RESOURCE_ID`, used without its slash. */
  machineLearning: "https://ml.azure.com",

  /** App Configuration. @azure/app-configuration: `KnownAppConfigAudience`. */
  appConfiguration: "https://appconfig.azure.com",
  /** Container Registry. @azure/container-registry: the default scope in containerRegistryClient.js. */
  containerRegistry: "https://containerregistry.azure.net",
  /** The API server of AKS clusters, in every cloud. https://azure.github.io/kubelogin/concepts/aks.html */
  kubernetes: "6dae42f8-4368-4678-94ff-3960e28e3630",
  /** Batch. @azure/batch: the resource in README.md. */
  batch: "https://batch.core.windows.net/",
  /** Azure Maps. @azure-rest/maps-search: the scope in MapsSearch.js. */
  maps: "https://atlas.microsoft.com",
  /** Azure DevOps. https://learn.microsoft.com/rest/api/azure/devops/tokens */
  devOps: "499b84ac-1321-427f-aa17-267ca6975798",
  /** Azure Attestation. @azure/attestation: the scope in attestationClient.js. */
  attestation: "https://attest.azure.net",
  /** Confidential Ledger. @azure-rest/confidential-ledger: the scope in confidentialLedger.js. */
  confidentialLedger: "https://confidential-ledger.azure.com",

  /** Azure Government, where the value is not that of the public cloud. */
  usGovernment: {
    /** AzureEnvironmentConstants.cs: `USGovernmentKeyVaultServiceEndpointResourceId`. */
    keyVault: "https://vault.usgovcloudapi.net",
    /** AzureEnvironmentConstants.cs: `USGovernmeneManagedHsmServiceEndpointResourceId` (sic). */
    managedHsm: "https://managedhsm.usgovcloudapi.net",
    /** Level 4; level 5 (DoD) is `https://dod-graph.microsoft.us`. https://learn.microsoft.com/graph/deployments */
    graph: "https://graph.microsoft.us",
    /** @azure/container-registry: `KnownContainerRegistryAudience.AzureResourceManagerGovernment`. */
    resourceManager: "https://management.usgovcloudapi.net",
    /** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
    tokenExchange: "api://AzureADTokenExchangeUSGov",
    /** providerSettings.ts: `sqlResource`. */
    sql: "https://database.usgovcloudapi.net/",
    /** cloud.py: `ossrdbms_resource_id`. */
    postgres: "https://ossrdbms-aad.database.usgovcloudapi.net",
    /** cloud.py: `ossrdbms_resource_id`. */
    mysql: "https://ossrdbms-aad.database.usgovcloudapi.net",
    /** TableAudience.cs: `AzureCosmosGovernmentValue`. */
    cosmosDb: "https://cosmos.azure.us",
    /** providerSettings.ts: `azureKustoResource`. */
    dataExplorer: "https://kusto.kusto.usgovcloudapi.net",
    /** AzureEnvironmentConstants.cs: `USGovernmentSynapseAnalyticsEndpointResourceId`. */
    synapse: "https://dev.azuresynapse.usgovcloudapi.net",
    /** @azure/monitor-ingestion: `KnownMonitorAudience.AzureGovernment`. */
    monitor: "https://monitor.azure.us",
    /** @azure/monitor-query-logs: `KnownMonitorLogsQueryAudience.AzureGovernment`. */
    logAnalytics: "https://api.loganalytics.us",
    /** @azure/monitor-query 1.3: `KnownMonitorAudience.AzureGovernment`. */
    metrics: "https://metrics.monitor.azure.us",
    /** cloud.py: `app_insights_resource_id`. */
    applicationInsights: "https://api.applicationinsights.us",
    /** @azure/ai-form-recognizer: `KnownFormRecognizerAudience.AzureGovernment`. */
    cognitiveServices: "https://cognitiveservices.azure.us",
    /** https://github.com/Azure/azure-sdk-for-net: `AzureOpenAIAudience.AzureGovernment` in Azure.AI.OpenAI. */
    openAi: "https://cognitiveservices.azure.us",
    /** https://learn.microsoft.com/azure/foundry/agents/concepts/azure-government */
    foundry: "https://ai.azure.us",
    /** @azure/search-documents: `KnownSearchAudience.AzureGovernment`. */
    search: "https://search.azure.us",
    /** _azure_environments.py: `AML_RESOURCE_ID`, used without its slash. */
    machineLearning: "https://ml.azure.us",
    /** @azure/app-configuration: `KnownAppConfigAudience.AzureGovernment`. */
    appConfiguration: "https://appconfig.azure.us",
    /** @azure/container-registry: `KnownContainerRegistryAudience.AzureResourceManagerGovernment`. */
    containerRegistry: "https://management.usgovcloudapi.net",
    /** AzureEnvironmentConstants.cs: `USGovernmentBatchEndpointResourceId`. */
    batch: "https://batch.core.usgovcloudapi.net/",
  },

  /** Azure operated by 21Vianet in China, where the value is not that of the public cloud. */
  china: {
    /** AzureEnvironmentConstants.cs: `ChinaKeyVaultServiceEndpointResourceId`. */
    keyVault: "https://vault.azure.cn",
    /** AzureEnvironmentConstants.cs: `ChineManagedHsmServiceEndpointResourceId` (sic). */
    managedHsm: "https://managedhsm.azure.cn",
    /** https://learn.microsoft.com/graph/deployments */
    graph: "https://microsoftgraph.chinacloudapi.cn",
    /** @azure/container-registry: `KnownContainerRegistryAudience.AzureResourceManagerChina`. */
    resourceManager: "https://management.chinacloudapi.cn",
    /** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity */
    tokenExchange: "api://AzureADTokenExchangeChina",
    /** providerSettings.ts: `sqlResource`. */
    sql: "https://database.chinacloudapi.cn/",
    /** cloud.py: `ossrdbms_resource_id`. */
    postgres: "https://ossrdbms-aad.database.chinacloudapi.cn",
    /** cloud.py: `ossrdbms_resource_id`. */
    mysql: "https://ossrdbms-aad.database.chinacloudapi.cn",
    /** TableAudience.cs: `AzureCosmosChinaValue`. */
    cosmosDb: "https://cosmos.azure.cn",
    /** providerSettings.ts: `azureKustoResource`. */
    dataExplorer: "https://kusto.kusto.chinacloudapi.cn",
    /** AzureEnvironmentConstants.cs: `ChinaSynapseAnalyticsEndpointResourceId`. */
    synapse: "https://dev.azuresynapse.azure.cn",
    /** @azure/monitor-ingestion: `KnownMonitorAudience.AzureChina`. */
    monitor: "https://monitor.azure.cn",
    /** @azure/monitor-query-logs: `KnownMonitorLogsQueryAudience.AzureChina`. */
    logAnalytics: "https://api.loganalytics.azure.cn",
    /** @azure/monitor-query 1.3: `KnownMonitorAudience.AzureChina`. */
    metrics: "https://metrics.monitor.azure.cn",
    /** cloud.py: `app_insights_resource_id`. */
    applicationInsights: "https://api.applicationinsights.azure.cn",
    /** @azure/ai-form-recognizer: `KnownFormRecognizerAudience.AzureChina`. */
    cognitiveServices: "https://cognitiveservices.azure.cn",
    /** @azure/search-documents: `KnownSearchAudience.AzureChina`. */
    search: "https://search.azure.cn",
    /** _azure_environments.py: `AML_RESOURCE_ID`, used without its slash. */
    machineLearning: "https://ml.azure.cn",
    /** @azure/app-configuration: `KnownAppConfigAudience.AzureChina`. */
    appConfiguration: "https://appconfig.azure.cn",
    /** @azure/container-registry: `KnownContainerRegistryAudience.AzureResourceManagerChina`. */
    containerRegistry: "https://management.chinacloudapi.cn",
    /** AzureEnvironmentConstants.cs: `ChinaBatchEndpointResourceId`. */
    batch: "https://batch.chinacloudapi.cn/",
  },
} as const;
