import type { Failure, FailureCode } from "./answer.ts";
import type { Endpoint } from "./endpoint.ts";
import { AppServiceMsiError } from "./errors.ts";
import { describeIdentity, type Identity } from "./identity.ts";
import { printable } from "./printable.ts";
import type { ApiVersion } from "./protocol.ts";

/** What was going on when a request failed. */
export interface FailureContext {
  readonly resource: string;
  readonly identity: Identity;
  /** The endpoint of the last attempt. */
  readonly endpoint: Endpoint;
  readonly apiVersion: ApiVersion;
  /** Requests sent so far. */
  readonly tries: number;
}

/** The error for a failure: what happened, where, which identity, how often it was tried, what to do, the endpoint's words. */
export function toError(failure: Failure, context: FailureContext): AppServiceMsiError {
  const { endpoint, apiVersion } = context;
  const identity = describeIdentity(context.identity);
  const message = [
    `The managed identity endpoint in ${endpoint.urlVariable} (${endpoint.origin}) ${failure.what}.`,
    `Asked for ${printable(context.resource)} as the ${identity}, API version ${apiVersion}, ${times(context.tries)}.`,
    remedy(failure, context),
    failure.endpointMessage && `The endpoint says: "${failure.endpointMessage}".`,
    failure.correlationId && `Correlation id: ${failure.correlationId}.`,
    failure.before,
  ];
  return new AppServiceMsiError(failure.code, message.filter(Boolean).join(" "), {
    statusCode: failure.statusCode,
    correlationId: failure.correlationId,
    apiVersion,
    retryAfterInMs: failure.retryAfterInMs,
    cause: failure.cause,
  });
}

/** The first answer in a sentence, for the error that follows the second one. */
export function inShort(failure: Failure, apiVersion: ApiVersion): string {
  const words = failure.endpointMessage ? `: "${failure.endpointMessage}"` : "";
  return `Before that, API version ${apiVersion} was ${failure.what}${words}.`;
}

function times(tries: number): string {
  if (tries === 0) {
    return "not tried";
  }
  return tries === 1 ? "tried once" : `tried ${tries} times`;
}

function remedy(failure: Failure, context: FailureContext): string {
  if (failure.unsupportedApiVersion) {
    return failure.before
      ? `It speaks no API version of App Service: check that ${context.endpoint.urlVariable} points at the platform's endpoint.`
      : 'Leave apiVersion at "auto" to let the credential find the version that this endpoint speaks.';
  }
  return failure.remedy ?? remedies[failure.code](context);
}

/** What to do next. */
const remedies: Readonly<Record<FailureCode, (context: FailureContext) => string>> = {
  IDENTITY_NOT_FOUND: ({ identity }) =>
    identity.kind === "systemAssigned"
      ? "Turn on the app's system-assigned identity (az webapp identity assign; az functionapp and az containerapp have it too), or name a user-assigned one with managedIdentityClientId."
      : `Assign that identity to this app (az webapp identity assign --identities …; az functionapp has it too, az containerapp with --user-assigned), or correct the id: it has to be the ${idHint[identity.kind]}.`,
  IDENTITY_MISMATCH: () =>
    "The token was not used. Check that the identity is assigned to this app and that the endpoint is a current one.",
  UNAUTHORIZED: ({ endpoint }) =>
    `It refused the secret in ${endpoint.secretVariable}. The platform rotates that value: let nothing copy or overwrite it, and restart the app if it stays refused.`,
  REJECTED: ({ resource }) =>
    `Check the resource${resourceHint(resource)}, and that the id names an identity of this app.`,
  THROTTLED: () =>
    "Share one credential in the process, so that its cache and its single request serve all callers; then wait.",
  SERVICE_FAILED: ({ resource }) =>
    `App Service answers 500 to a resource it does not know as well: check the resource first${resourceHint(resource)}; if it is right, try again later.`,
  UNREACHABLE: ({ endpoint }) =>
    `Check that this process runs inside the app that ${endpoint.urlVariable} was set for (a Kudu or SSH shell, an init container or another host may not reach it), and that the app has finished starting.`,
  TIMEOUT: () =>
    "The endpoint is overloaded or hangs. Try again; if that is its normal pace, raise timeoutInMs and attemptTimeoutInMs.",
  INVALID_RESPONSE: ({ endpoint }) =>
    `Check that ${endpoint.urlVariable} points at the identity endpoint of the platform.`,
};

/** What a bare host name, the commonest mistake, was probably meant to be. */
function resourceHint(resource: string): string {
  return /^[\w-]+(?:\.[\w-]+)+\/?$/.test(resource) ? ` (is it https://${resource}?)` : "";
}

const idHint = {
  clientId: "client id (application id), not the object id",
  resourceId: "whole resource id, /subscriptions/…/userAssignedIdentities/<name>",
  objectId: "object (principal) id, not the client id",
} as const;
