import { AzureResource } from "@appservice-msi/credential";
import { KnownAppConfigAudience } from "@azure/app-configuration";
import { KnownContainerRegistryAudience } from "@azure/container-registry";
import { KnownMonitorLogsQueryAudience } from "@azure/monitor-query-logs";
import { REDIS_SCOPE } from "@redis/entraid";
import { expect, it } from "vitest";

const { usGovernment, china } = AzureResource;

/** What the public cloud's clients ask for is held to `AzureResource` by the table of clients; here is what they know besides. */
it.each([
  ["App Configuration", AzureResource.appConfiguration, KnownAppConfigAudience.AzurePublicCloud],
  ["App Configuration, US Government", usGovernment.appConfiguration, KnownAppConfigAudience.AzureGovernment],
  ["App Configuration, China", china.appConfiguration, KnownAppConfigAudience.AzureChina],
  ["Log Analytics", AzureResource.logAnalytics, KnownMonitorLogsQueryAudience.AzurePublicCloud],
  ["Log Analytics, US Government", usGovernment.logAnalytics, KnownMonitorLogsQueryAudience.AzureGovernment],
  ["Log Analytics, China", china.logAnalytics, KnownMonitorLogsQueryAudience.AzureChina],
  [
    "Container Registry, US Government",
    usGovernment.containerRegistry,
    KnownContainerRegistryAudience.AzureResourceManagerGovernment,
  ],
  ["Container Registry, China", china.containerRegistry, KnownContainerRegistryAudience.AzureResourceManagerChina],
  ["Resource Manager", AzureResource.resourceManager, KnownContainerRegistryAudience.AzureResourceManagerPublicCloud],
  ["Redis", AzureResource.redis, REDIS_SCOPE],
])("AzureResource and the client agree about %s", (_, ours, theirs) => {
  expect(theirs.replace(/\/\.default$/, "")).toBe(ours);
});
