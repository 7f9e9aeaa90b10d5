import { AppServiceMsiCredential } from "@appservice-msi/credential";
import type { Context, Options, Values } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { identityOptions, toIdentity } from "../identity-options.ts";
import { withProgress } from "../progress.ts";
import { toResource } from "../resource.ts";
import { userAgentPrefix } from "../user-agent.ts";
import type { EndpointAnswers } from "./endpoint-answers.ts";
import { type GotToken, isBearerToken } from "./token-formats.ts";

/** The options of a command that asks for a token, besides the resource. */
export const tokenRequestOptions = {
  ...identityOptions,
  apiVersion: {
    kind: "text",
    value: "version",
    choices: ["2019-08-01", "2017-09-01"],
    defaultSummary: "the one that the variables suggest, else the other",
    summary: "API version of the endpoint",
  },
  timeout: {
    kind: "number",
    value: "seconds",
    lowest: 0.1,
    highest: 3600,
    default: 30,
    summary: "give up after so long, retries included",
  },
} as const satisfies Options;

/**
 * Asks the endpoint for a token, with retries. `answers` gets what the endpoint answers on the way.
 *
 * @throws UsageError when resource or identity make no sense, Failure when the token is none that could be sent,
 * AppServiceMsiError when there is none.
 */
export async function requestToken(
  { io, signal }: Pick<Context, "io" | "signal">,
  options: Values<typeof tokenRequestOptions> & { readonly resource: string },
  answers?: EndpointAnswers,
): Promise<GotToken> {
  const resource = toResource(options.resource);
  const credential = new AppServiceMsiCredential({
    ...toIdentity(options),
    apiVersion: options.apiVersion,
    timeoutInMs: options.timeout * 1000,
    additionalPolicies: answers === undefined ? [] : [answers.policy],
    userAgentOptions: { userAgentPrefix },
    env: io.env,
  });
  const work = credential.getToken(resource, { abortSignal: signal });
  const { token, expiresOnTimestamp } = await withProgress(io, "Waiting for the identity endpoint", work);
  if (!isBearerToken(token)) {
    const message = "The endpoint gave a token with characters that no bearer token may hold; it is not shown.";
    throw new Failure(exitCodes.endpointFailed, message);
  }
  return { token, expiresOnTimestamp, resource };
}
