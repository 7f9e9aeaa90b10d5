import { AppServiceMsiError } from "./errors.ts";
import { type ApiVersion, variablePairs } from "./protocol.ts";

/** Where variables are read from; `process.env` fits. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An identity endpoint, as the variables of the host describe it. */
export interface Endpoint {
  /** The URL as the variable has it. */
  readonly url: string;
  /** Scheme, host and port: the part of the URL that may stand in a message. */
  readonly origin: string;
  readonly secret: string;
  /** Name of the variable that holds the URL. */
  readonly urlVariable: string;
  /** Name of the variable that holds the secret. */
  readonly secretVariable: string;
  /** The API version that a host with these variables is asked first. */
  readonly apiVersion: ApiVersion;
}

/**
 * The identity endpoint that the variables describe. Nothing is remembered: the platform rotates the secret, so this is
 * called for every request.
 *
 * @throws AppServiceMsiError `NOT_CONFIGURED` when they describe none, `INVALID_ENDPOINT` when they make no sense.
 */
export function findEndpoint(env: Environment): Endpoint {
  for (const pair of variablePairs) {
    const url = read(env, pair.endpoint);
    const secret = read(env, pair.secret);
    if (url !== "" && secret !== "" && !isServiceFabric(env)) {
      checkSecret(secret, pair.secret);
      return {
        url,
        origin: originOf(url, pair.endpoint),
        secret,
        urlVariable: pair.endpoint,
        secretVariable: pair.secret,
        apiVersion: pair.apiVersion,
      };
    }
  }
  throw new AppServiceMsiError("NOT_CONFIGURED", notConfiguredMessage(env));
}

/** What the variables for secrets hold, complete pair or not: none of it may be repeated. */
export function secretsIn(env: Environment): string[] {
  return variablePairs.map((pair) => read(env, pair.secret)).filter((secret) => secret !== "");
}

/** Whether a request to the one would differ from a request to the other. */
export function isSameEndpoint(one: Endpoint, other: Endpoint): boolean {
  return one.url === other.url && one.secret === other.secret;
}

/** The variable without the white space around it, which a header or a URL could not hold anyway; absent is empty. */
function read(env: Environment, name: string): string {
  return env[name]?.trim() ?? "";
}

function originOf(value: string, variable: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new AppServiceMsiError(
      "INVALID_ENDPOINT",
      `${variable} is set, but is no http or https URL. The platform sets it to something like "http://127.0.0.1:41601/msi/token"; remove the app setting that overwrites it, or correct it.`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new AppServiceMsiError(
      "INVALID_ENDPOINT",
      `${variable} holds a user name or password (at ${url.host}). The identity endpoint takes none; remove them from the URL.`,
    );
  }
  return url.origin;
}

function checkSecret(secret: string, variable: string): void {
  // The characters that Node lets into a header value. Its own error could quote the value.
  if (/[^\t\x20-\x7e\x80-\xff]/.test(secret)) {
    throw new AppServiceMsiError(
      "INVALID_ENDPOINT",
      `${variable} holds a line break or another character that no HTTP header may hold. Set it to the value the platform gave, on one line.`,
    );
  }
}

function isServiceFabric(env: Environment): boolean {
  return read(env, "IDENTITY_SERVER_THUMBPRINT") !== "";
}

function notConfiguredMessage(env: Environment): string {
  const halves = variablePairs.flatMap((pair) => missingHalf(env, pair.endpoint, pair.secret));
  const noPair =
    ": IDENTITY_ENDPOINT and IDENTITY_HEADER are not both set, and neither are MSI_ENDPOINT and MSI_SECRET (an empty value counts as not set)";
  return [
    `No App Service managed identity endpoint${isServiceFabric(env) ? "" : noPair}.`,
    ...halves,
    otherHost(env),
    "On App Service, Functions or Container Apps, assign an identity to the app and restart it; elsewhere, use another credential, or a local emulator of the endpoint.",
  ]
    .filter((sentence) => sentence !== undefined)
    .join(" ");
}

function missingHalf(env: Environment, endpoint: string, secret: string): string[] {
  const hasEndpoint = read(env, endpoint) !== "";
  return hasEndpoint === (read(env, secret) !== "")
    ? []
    : [hasEndpoint ? `${endpoint} is set, but ${secret} is not.` : `${secret} is set, but ${endpoint} is not.`];
}

/** Other Azure hosts set some of the same variables, and speak another protocol. */
function otherHost(env: Environment): string | undefined {
  if (isServiceFabric(env)) {
    return "IDENTITY_SERVER_THUMBPRINT is set: this looks like Service Fabric, whose endpoint is another one.";
  }
  if (read(env, "IMDS_ENDPOINT") !== "") {
    return "IMDS_ENDPOINT is set: this looks like Azure Arc, whose endpoint is another one.";
  }
  if (read(env, "MSI_ENDPOINT") !== "" && read(env, "IDENTITY_ENDPOINT") === "") {
    return "MSI_ENDPOINT stands alone: this looks like Cloud Shell, whose endpoint is another one.";
  }
  return undefined;
}
