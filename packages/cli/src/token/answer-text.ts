import type { Environment } from "../io.ts";
import { toJson } from "../json.ts";
import { plain, plainLines } from "../plain-text.ts";
import { redact, redacted, withoutSecret } from "../secrets.ts";
import type { EndpointAnswer } from "./endpoint-answers.ts";

/** Properties of an answer whose values are tokens, in a JSON body whole or broken off. */
const tokenProperty = /("(?:access|refresh|id)_token"\s*:\s*")(?:[^"\\]|\\.)*("?)/gi;

/** What of an answer may be shown. */
export interface ShownAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As it came, or as an object if it is one. */
  readonly body: unknown;
}

/** How to show an answer. */
export interface AnswerFormat {
  readonly showToken: boolean;
  /** Holds the secret, which is never shown. */
  readonly env: Environment;
}

/** An answer as `curl -i` shows one: status, headers, an empty line, the body. */
export function toHttpText(answer: EndpointAnswer, format: AnswerFormat): string {
  const { status, headers, body } = shown(answer, format);
  const lines = Object.entries(headers).map(([name, value]) => `${plain(name)}: ${plain(value)}`);
  const text = typeof body === "string" ? plainLines(body) : toJson(body);
  return [`HTTP ${status}`, ...lines, "", text].join("\n").trimEnd();
}

/** An answer as an object. */
export function toAnswerJson(answer: EndpointAnswer, format: AnswerFormat): string {
  return toJson(shown(answer, format));
}

function shown({ status, headers, body }: EndpointAnswer, format: AnswerFormat): ShownAnswer {
  const safe = (text: string): string => withoutWhatIsHidden(text, format);
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, safe(value)])),
    body: parse(safe(body)),
  };
}

function withoutWhatIsHidden(text: string, { showToken, env }: AnswerFormat): string {
  return showToken ? withoutSecret(text, env) : redact(text.replace(tokenProperty, `$1${redacted}$2`), env);
}

/** Indented if it is JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
