import { exitCodes } from "../exit-codes.ts";
import { isEmulated } from "../identity/azure-host.ts";
import { plain, plainUrl } from "../plain-text.ts";
import { type Check, fail, type Finding, pass, skip, warn } from "./check.ts";
import { type Facts, isFilled, variablePairs } from "./facts.ts";

const names = variablePairs.flat();

const resetSetting =
  "Remove the app setting, Dockerfile line or script that overwrites it: the platform itself sets the right value.";

/** The variables of the endpoint: whether and how they are set. */
export const variableChecks: readonly Check[] = [
  {
    name: "variables",
    title: "The endpoint's variables are there",
    remedy:
      "Assign an identity to the app and restart it. A Kudu or SSH shell may lack the variables although the app has them: run this from the app's startup command. At a desk, run the app with appservice-msi exec.",
    exitCode: exitCodes.notConfigured,
    judge({ env }) {
      const present = names.filter((name) => env[name] !== undefined);
      return present.length > 0
        ? pass(present.length === names.length ? "all four" : present.join(", "))
        : fail("none of IDENTITY_ENDPOINT, IDENTITY_HEADER, MSI_ENDPOINT and MSI_SECRET is set in this process");
    },
  },
  {
    name: "host",
    title: "The host has this endpoint",
    remedy: "Use a credential for that host, such as ManagedIdentityCredential of @azure/identity.",
    exitCode: exitCodes.notConfigured,
    judge({ env, host, probes }) {
      if (host.name === "none") {
        return skip("the variables do not tell which host this is");
      }
      if (host.offersEndpoint) {
        return pass(isEmulated(env) ? `${host.title}, emulated` : host.title);
      }
      return (probes.length === 0 ? fail : warn)(`this looks like ${host.title}, whose endpoint is another one`);
    },
  },
  {
    name: "whole-pair",
    title: "Endpoint and secret come together",
    remedy:
      "Set both or neither. Something sets one of them by itself or removes the other: an app setting, a Dockerfile, a script that passes on only some variables.",
    exitCode: exitCodes.notConfigured,
    judge: judgePairs,
  },
  {
    name: "blank-values",
    title: "None of them is blank",
    remedy: resetSetting,
    exitCode: exitCodes.notConfigured,
    judge({ env, endpointVariable }) {
      const blank = names.filter((name) => env[name] !== undefined && !isFilled(env, name));
      if (blank.length > 0) {
        const reason = `${blank.join(" and ")} ${blank.length === 1 ? "is" : "are"} set, but blank`;
        return endpointVariable === undefined ? fail(reason) : warn(reason);
      }
      return names.every((name) => env[name] === undefined) ? skip("none is set") : pass("all have values");
    },
  },
  {
    name: "empty-client-id",
    title: "AZURE_CLIENT_ID is not empty",
    remedy:
      "Delete the setting AZURE_CLIENT_ID, or give it the client id. Empty is no id: some tools send it and get an error, others use the system-assigned identity.",
    exitCode: exitCodes.refused,
    judge({ env }) {
      const clientId = env["AZURE_CLIENT_ID"];
      if (clientId === undefined) {
        return pass("not set");
      }
      return clientId.trim() === "" ? warn(`it is ${JSON.stringify(clientId)}`) : pass(plain(clientId));
    },
  },
  {
    name: "current-variables",
    title: "IDENTITY_* are there, not only MSI_*",
    remedy:
      "Nothing to do for this credential, which asks in API version 2017-09-01 then. @azure/identity and others want IDENTITY_ENDPOINT and IDENTITY_HEADER: restart the app, or move it to a current plan.",
    exitCode: exitCodes.notConfigured,
    judge({ endpointVariable, host }) {
      switch (endpointVariable) {
        case undefined:
          return skip("there is no complete pair");
        case "IDENTITY_ENDPOINT":
          return pass("both");
        default:
          return host.name === "azure-ml"
            ? pass("MSI_ENDPOINT and MSI_SECRET, as it is on Azure Machine Learning")
            : warn("only MSI_ENDPOINT and MSI_SECRET: an old host, which knows client ids only");
      }
    },
  },
  {
    name: "endpoint-url",
    title: "The endpoint is a URL",
    remedy: resetSetting,
    exitCode: exitCodes.notConfigured,
    judge({ endpointVariable, env, probes }) {
      if (endpointVariable === undefined) {
        return skip("there is no complete pair");
      }
      const error = probes.find((probe) => probe.error?.code === "INVALID_ENDPOINT")?.error;
      return error === undefined ? pass(plainUrl(env[endpointVariable] ?? "")) : fail(error.message);
    },
  },
];

function judgePairs({ env, host, endpointVariable }: Facts): Finding {
  const halves = variablePairs.flatMap(([endpoint, secret]) => {
    const [hasEndpoint, hasSecret] = [env[endpoint] !== undefined, env[secret] !== undefined];
    return hasEndpoint === hasSecret ? [] : [hasEndpoint ? [endpoint, secret] : [secret, endpoint]];
  });
  if (halves.length === 0) {
    return names.every((name) => env[name] === undefined) ? skip("none is set") : pass("each has its other half");
  }
  const reason = halves.map(([there, missing]) => `${there} is set, but ${missing} is not`).join("; ");
  if (endpointVariable === undefined) {
    return fail(reason);
  }
  return host.name === "container-apps" ? pass(`${reason}, as it is on Container Apps`) : warn(reason);
}
