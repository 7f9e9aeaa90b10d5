import type { AppServiceMsiErrorCode } from "@appservice-msi/credential";

/** What the command says to a script. `exec` returns its child's own code besides. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  usage: 2,
  notConfigured: 3,
  unreachable: 4,
  refused: 5,
  endpointFailed: 6,
} as const;

/** What each exit code means. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: "done",
  unexpected: "unexpected error",
  usage: "used wrongly",
  notConfigured: "not configured: no identity endpoint, or no emulator named",
  unreachable: "unreachable or timed out",
  refused: "identity refused or not found",
  endpointFailed: "the endpoint failed, throttled, or gave no usable answer",
};

/** The exit code for each reason why there is no token. */
export const exitCodeByErrorCode: Readonly<Record<AppServiceMsiErrorCode, number>> = {
  NOT_CONFIGURED: exitCodes.notConfigured,
  INVALID_ENDPOINT: exitCodes.notConfigured,
  INVALID_SCOPE: exitCodes.usage,
  UNSUPPORTED_IDENTITY: exitCodes.refused,
  IDENTITY_MISMATCH: exitCodes.refused,
  IDENTITY_NOT_FOUND: exitCodes.refused,
  UNAUTHORIZED: exitCodes.refused,
  REJECTED: exitCodes.refused,
  THROTTLED: exitCodes.endpointFailed,
  SERVICE_FAILED: exitCodes.endpointFailed,
  UNREACHABLE: exitCodes.unreachable,
  TIMEOUT: exitCodes.unreachable,
  INVALID_RESPONSE: exitCodes.endpointFailed,
};
