import {
  type ApiVersion,
  AppServiceMsiCredential,
  AppServiceMsiError,
  type IdentityOptions,
  isAppServiceMsiAvailable,
} from "@appservice-msi/credential";
import { readClaims } from "../claims.ts";
import type { Context } from "../command.ts";
import { recogniseHost } from "../identity/azure-host.ts";
import { identityFlags } from "../identity-options.ts";
import type { Environment } from "../io.ts";
import { toResource } from "../resource.ts";
import { EndpointAnswers } from "../token/endpoint-answers.ts";
import { userAgentPrefix } from "../user-agent.ts";
import { type AskedIdentity, type Facts, findEndpointVariable, type Probe } from "./facts.ts";

/** What to look at, and how long. */
export interface Wanted {
  /** As it was given. */
  readonly resource: string;
  readonly identity: IdentityOptions;
  /** For one answer. */
  readonly timeoutInMs: number;
  readonly staleAfterInMs: number;
}

/** Reads the variables, and asks the endpoint once in each API version, without retries. */
export async function gatherFacts({ io, signal }: Pick<Context, "io" | "signal">, wanted: Wanted): Promise<Facts> {
  const { env } = io;
  const endpointVariable = findEndpointVariable(env);
  const resource = { given: wanted.resource, asked: toResource(wanted.resource) };
  const identity = askedIdentity(wanted.identity, env);
  const ask = (apiVersion: ApiVersion, options: IdentityOptions): Promise<Probe> =>
    probe(apiVersion, options, resource.asked, { io, signal, timeoutInMs: wanted.timeoutInMs });
  const apiVersions: ApiVersion[] =
    endpointVariable === "MSI_ENDPOINT" ? ["2017-09-01", "2019-08-01"] : ["2019-08-01", "2017-09-01"];
  const probes = isAppServiceMsiAvailable(env)
    ? await Promise.all(apiVersions.map((apiVersion) => ask(apiVersion, wanted.identity)))
    : [];
  const otherKind = otherKindOf(identity, probes);
  return {
    env,
    host: recogniseHost(env),
    endpointVariable,
    resource,
    identity,
    probes,
    asOtherKind: otherKind && (await ask("2019-08-01", otherKind)),
    staleAfterInMs: wanted.staleAfterInMs,
    now: io.now(),
  };
}

function askedIdentity(given: IdentityOptions, env: Environment): AskedIdentity {
  for (const kind of ["clientId", "objectId", "resourceId"] as const) {
    const id = given[kind];
    if (id !== undefined) {
      return { kind: id === "" ? "systemAssigned" : kind, id, namedBy: identityFlags[kind] };
    }
  }
  const clientId = (env["AZURE_CLIENT_ID"] ?? "").trim();
  return clientId === ""
    ? { kind: "systemAssigned", id: "", namedBy: "nothing" }
    : { kind: "clientId", id: clientId, namedBy: "AZURE_CLIENT_ID" };
}

/** The same id as the other kind that looks the same, where it was not found as the one it was given for. */
function otherKindOf({ kind, id }: AskedIdentity, probes: readonly Probe[]): IdentityOptions | undefined {
  if (!probes.some(({ error }) => error?.code === "IDENTITY_NOT_FOUND")) {
    return undefined;
  }
  if (kind === "clientId") {
    return { objectId: id };
  }
  return kind === "objectId" ? { clientId: id } : undefined;
}

async function probe(
  apiVersion: ApiVersion,
  identity: IdentityOptions,
  resource: string,
  { io, signal, timeoutInMs }: Pick<Context, "io" | "signal"> & { readonly timeoutInMs: number },
): Promise<Probe> {
  const answers = new EndpointAnswers(() => io.now());
  const credential = new AppServiceMsiCredential({
    ...identity,
    apiVersion,
    timeoutInMs,
    attemptTimeoutInMs: timeoutInMs,
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [answers.policy],
    userAgentOptions: { userAgentPrefix },
    env: io.env,
  });
  try {
    const { token } = await credential.getToken(resource, { abortSignal: signal });
    return { apiVersion, granted: true, claims: readClaims(token), answer: answers.last };
  } catch (error) {
    if (error instanceof AppServiceMsiError) {
      return { apiVersion, granted: false, error, answer: answers.last };
    }
    throw error;
  }
}
