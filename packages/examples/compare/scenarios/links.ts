import type { Link } from "#scenario";

function ours(text: string, to: string): Link {
  return { text, to };
}

function microsoft(text: string, page: string): Link {
  return { text: `Microsoft Learn: ${text}`, to: `https://learn.microsoft.com/${page}` };
}

/** Where each difference is explained at length. */
export const links = {
  aborted: ours("an aborted call", "docs/troubleshooting.md#an-aborted-call"),
  brokenOff: ours("decision 10", "docs/decisions/0010-broken-off-is-retried-malformed-is-not.md"),
  cache: ours("the cache behind the endpoint", "docs/protocol.md#the-cache-behind-the-endpoint"),
  claims: ours("decision 9", "docs/decisions/0009-claims-that-fail-reject.md"),
  fallback: ours("when an API version is not spoken", "docs/protocol.md#when-an-api-version-is-not-spoken"),
  hosts: ours("hosts and their variables", "docs/protocol.md#hosts-and-their-variables"),
  invalidEndpoint: ours("INVALID_ENDPOINT", "docs/troubleshooting.md#invalid_endpoint"),
  invalidResponse: ours("INVALID_RESPONSE", "docs/troubleshooting.md#invalid_response"),
  mismatch: ours("IDENTITY_MISMATCH", "docs/troubleshooting.md#identity_mismatch"),
  notFound: ours("IDENTITY_NOT_FOUND", "docs/troubleshooting.md#identity_not_found"),
  options: ours("options", "packages/credential/README.md#options"),
  proxy: ours("decision 5", "docs/decisions/0005-an-agent-of-its-own-without-keep-alive.md"),
  refresh: ours(
    "what it remembers, and when it asks",
    "packages/credential/README.md#what-it-remembers-and-when-it-asks",
  ),
  rejected: ours("REJECTED", "docs/troubleshooting.md#rejected"),
  retryAfter: ours("decision 8", "docs/decisions/0008-retry-after-holds-for-the-endpoint.md"),
  secret: ours("the secret changes", "docs/protocol.md#the-secret-changes"),
  serviceFailed: ours("SERVICE_FAILED", "docs/troubleshooting.md#service_failed"),
  request: ours("the request", "docs/protocol.md#the-request"),
  throttled: ours("THROTTLED", "docs/troubleshooting.md#throttled"),
  timeout: ours("TIMEOUT", "docs/troubleshooting.md#timeout"),
  token: ours("the token", "docs/protocol.md#the-token"),
  unauthorized: ours("UNAUTHORIZED", "docs/troubleshooting.md#unauthorized"),
  unreachable: ours("UNREACHABLE", "docs/troubleshooting.md#unreachable"),
  virtualMachine: microsoft(
    "managed identities on a virtual machine",
    "entra/identity/managed-identities-azure-resources/how-to-use-vm-token",
  ),
  whichIdentity: ours("which identity", "packages/credential/README.md#which-identity"),
} as const satisfies Record<string, Link>;
