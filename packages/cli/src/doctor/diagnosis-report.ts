import { toIso } from "../duration.ts";
import type { Output } from "../io.ts";
import { toJson } from "../json.ts";
import { packageVersion } from "../package-version.ts";
import type { Paint } from "../paint.ts";
import { plain, plainUrl } from "../plain-text.ts";
import { redact } from "../secrets.ts";
import { toTable } from "../table.ts";
import type { Finding } from "./check.ts";
import type { Diagnosed, Diagnosis } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";

const marks = { pass: "ok", warn: "warn", fail: "FAIL", skip: "-" } as const;
const colours = { pass: "green", warn: "yellow", fail: "red", skip: "dim" } as const;

/** The diagnosis on one screen: a line for each check that passed, and below one that did not what to do. */
export async function toScreen(
  diagnosis: Diagnosis,
  facts: Facts,
  { paint, output }: { paint: Paint; output: Output },
): Promise<string> {
  const safe = safeText(facts);
  const looked = diagnosis.findings.filter(({ status }) => status !== "skip");
  const skipped = diagnosis.findings.filter(({ status }) => status === "skip");
  const rows = looked.map(({ status, title, reason, remedy }) => [
    paint(colours[status], marks[status]),
    safe([`${title}: ${reason}`, ...(remedy === undefined ? [] : [`→ ${remedy}`])].join("\n")),
  ]);
  if (skipped.length > 0) {
    rows.push([paint(colours.skip, marks.skip), `Not looked at: ${skipped.map(({ name }) => name).join(", ")}`]);
  }
  return [
    paint("bold", safe(headline(facts))),
    "",
    await toTable(rows, { output }),
    "",
    summary(diagnosis.findings),
  ].join("\n");
}

/** The diagnosis for a support ticket, with nothing secret in it. */
export function toTicket({ findings, exitCode }: Diagnosis, facts: Facts): string {
  const { host, identity, resource, now } = facts;
  const ticket = toJson({
    time: toIso(now),
    version: packageVersion,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    host: host.name,
    endpoint: endpointOf(facts),
    identity: { kind: identity.kind, ...(identity.id === "" ? {} : { id: identity.id }), namedBy: identity.namedBy },
    resource: resource.asked,
    result: worst(findings),
    exitCode,
    checks: findings,
  });
  return safeText(facts)(ticket);
}

/** Whatever a check quotes, no secret and no token gets out. */
function safeText({ env }: Facts): (text: string) => string {
  return (text) => redact(text, env);
}

function headline(facts: Facts): string {
  const { identity, resource } = facts;
  const who = identity.kind === "systemAssigned" ? "the system-assigned identity" : plain(identity.id);
  const endpoint = endpointOf(facts);
  return `${endpoint === undefined ? "There is no endpoint to ask" : `Asked ${endpoint}`}\nfor ${plain(resource.asked)} as ${who}.`;
}

function endpointOf({ env, endpointVariable }: Facts): string | undefined {
  return endpointVariable && plainUrl((env[endpointVariable] ?? "").trim());
}

function summary(findings: readonly Diagnosed[]): string {
  const count = (status: Finding["status"]): number => findings.filter((finding) => finding.status === status).length;
  const [failed, warnings, passed] = [count("fail"), count("warn"), count("pass")];
  return `${failed} failed, ${warnings} ${warnings === 1 ? "warning" : "warnings"}, ${passed} passed.`;
}

function worst(findings: readonly Diagnosed[]): Finding["status"] {
  const statuses = new Set(findings.map(({ status }) => status));
  return statuses.has("fail") ? "fail" : statuses.has("warn") ? "warn" : "pass";
}
