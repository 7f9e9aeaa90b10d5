import type { Group } from "#scenario";
import { all, gotToken, sent } from "./criteria.ts";
import { links } from "./links.ts";

export const hosts: Group = {
  title: "Other hosts",
  intro: "Other services, other variables, other API versions.",
  scenarios: [
    {
      name: "only-2017",
      question: "Only API version 2017-09-01: Functions on Linux Consumption before 2022",
      wanted: "a token",
      host: { host: "functions-linux-consumption" },
      cold: true,
      meets: gotToken,
      explain:
        "One asks again in the other API version; @azure/identity uses 2019-08-01 or nothing where both pairs are set.",
      link: links.fallback,
      quick: true,
    },
    {
      name: "refuses-2019",
      question: "API version 2019-08-01 is refused all of a sudden",
      wanted: "a token",
      fault: { name: "unsupported-api-version", apiVersion: "2019-08-01" },
      meets: gotToken,
      explain: "The same, in a process that got a token in that API version before.",
      link: links.fallback,
    },
    {
      name: "msi-pair",
      question: "Only MSI_ENDPOINT and MSI_SECRET are set, on Windows: the second call",
      wanted: "a token, and no request",
      host: { host: "app-service-windows" },
      env: ({ env }) => ({ MSI_ENDPOINT: env["MSI_ENDPOINT"], MSI_SECRET: env["MSI_SECRET"] }),
      second: true,
      meets: all(gotToken, sent(0)),
      explain: "@azure/identity speaks 2017-09-01 there, takes its date for now, and so asks every time.",
      link: links.hosts,
    },
    {
      name: "windows",
      question: "App Service on Windows",
      wanted: "a token",
      host: { host: "app-service-windows" },
      meets: gotToken,
      explain: "All three work.",
      link: links.hosts,
    },
    {
      name: "container-apps",
      question: "Container Apps, which sets MSI_ENDPOINT without MSI_SECRET",
      wanted: "a token",
      host: { host: "container-apps" },
      meets: gotToken,
      explain: "All three work.",
      link: links.hosts,
    },
    {
      name: "azure-ml",
      question: "Azure Machine Learning",
      wanted: "a token",
      host: { host: "azure-ml" },
      meets: gotToken,
      explain: "All three work.",
      link: links.hosts,
    },
    {
      name: "virtual-machine",
      question: "A virtual machine: no variables, another endpoint",
      wanted: "a token",
      beside: "imds",
      env: ({ besideUrl }) => ({ AZURE_POD_IDENTITY_AUTHORITY_HOST: besideUrl }),
      meets: gotToken,
      explain:
        "@azure/identity knows virtual machines, Arc, Service Fabric, Kubernetes and more; AppServiceMsiCredential steps aside, for a chain to go on.",
      link: links.virtualMachine,
      quick: true,
    },
  ],
};
