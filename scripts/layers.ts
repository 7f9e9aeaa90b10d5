/** A row of files that lie at the same height. */
export interface Layer {
  readonly name: string;
  readonly files: readonly string[];
  /** It sees itself only. */
  readonly closed?: true;
  /** Its results depend on its arguments: no Node, no network. Its tests cover every branch. */
  readonly pure?: true;
}

/** packages/credential/src from top to bottom: a file imports from its own layer and from those below, never upwards. */
export const layers: readonly Layer[] = [
  { name: "surface", files: ["index"] },
  { name: "assembly", files: ["credential", "availability"] },
  { name: "one request", files: ["token-request", "negotiation"] },
  { name: "memory and waiting", files: ["token-cache", "flight", "refresh", "abort"], closed: true },
  { name: "network", files: ["pipeline", "connection", "throttle", "telemetry"] },
  { name: "wire", files: ["request", "answer", "client-id", "expiry", "failure"], pure: true },
  { name: "input", files: ["options", "identity", "endpoint", "scope", "resources"], pure: true },
  { name: "vocabulary", files: ["protocol", "errors", "printable", "spelling", "retry"], pure: true },
];

/** The path of a file of packages/credential/src. */
export function inCredential(file: string): string {
  return `packages/credential/src/${file}.ts`;
}
