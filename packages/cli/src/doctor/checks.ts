import type { Check } from "./check.ts";
import { endpointChecks } from "./endpoint-checks.ts";
import { identityChecks, resourceChecks } from "./request-checks.ts";
import { disabledCheck, proxyCheck, tokenCredentialsCheck, vmAddressCheck } from "./setting-checks.ts";
import { tokenChecks } from "./token-checks.ts";
import { variableChecks } from "./variable-checks.ts";

/** All checks, in the order in which people go wrong. */
export const checks: readonly Check[] = [
  ...variableChecks,
  ...resourceChecks,
  ...identityChecks,
  proxyCheck,
  vmAddressCheck,
  ...endpointChecks,
  ...tokenChecks,
  tokenCredentialsCheck,
  disabledCheck,
];
