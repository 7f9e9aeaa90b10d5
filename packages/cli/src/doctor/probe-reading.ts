import type { AppServiceMsiError } from "@appservice-msi/credential";
import type { Probe } from "./facts.ts";

/** Whether the endpoint said that it does not speak the API version. */
export function isUnsupportedVersion({ answer }: Probe): boolean {
  return answer?.status === 400 && /"code"\s*:\s*"UnsupportedApiVersion"/i.test(answer.body);
}

/** The credential's message without what one knows from elsewhere: what happened, and what the endpoint said. */
export function whatHappened({ message }: AppServiceMsiError): string {
  const [first = ""] = message.split(". Asked for ", 1);
  const event = first.replace(/^The managed identity endpoint in \S+ \(\S+\) /, "");
  const said = /The endpoint says: ".*?"\./.exec(message)?.[0] ?? "";
  const correlationId = /Correlation id: \S+?(?=\.(?:\s|$))/.exec(message)?.[0] ?? "";
  return [event, said.replace(/^The endpoint says: (.*)\.$/, "and says $1"), correlationId.toLowerCase()]
    .filter((part) => part !== "")
    .join(", ");
}
