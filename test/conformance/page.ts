import { count, differences } from "./differences.ts";
import { canonicalRequests } from "./canonical.ts";
import type { PeerResult, PeerRun } from "./peer.ts";
import { type Call, labelled, type Transcript } from "./transcript.ts";

/** A transcript, and what the peer did in its situation. */
interface Compared {
  readonly transcript: Call;
  readonly result: PeerResult;
}

/** docs/conformance.md: what is laid down, and where @azure/identity does something else. */
export function renderPage(transcripts: readonly Transcript[], { date, version, results }: PeerRun): string {
  const compared = labelled(transcripts).flatMap(([label, transcript]) => {
    const result = results[label];
    return isCall(transcript) && result !== undefined ? [{ transcript, result }] : [];
  });
  const others = compared.filter(({ transcript, result }) => differences(transcript, result).length > 0);
  return (
    [
      "# Conformance",
      "<!-- Made from test/conformance by `npx -y pnpm@12 conformance`. -->",
      introduction(transcripts),
      `## Where \`@azure/identity\` ${version} does something else`,
      aboutPeer(compared.length, others.length, date),
      ...byTitle(others, ({ transcript }) => transcript).map(([title, rows]) => differenceSection(title, rows)),
      "## All transcripts",
      "**c**: the credential is held to it, **e**: the emulator is, **i**: `@azure/identity` does the same.",
      ...byTitle(transcripts, (each) => each).map(([title, rows]) => transcriptSection(title, rows, compared, others)),
    ].join("\n\n") + "\n"
  );
}

function introduction(transcripts: readonly Transcript[]): string {
  const calls = transcripts.filter(isCall).length;
  const hosted = transcripts.filter(({ host }) => host !== undefined).length;
  return lines([
    `The protocol is written down in ${transcripts.length} transcripts: variables and a call, the requests that follow, their answers, and what comes of`,
    `it. The credential is held to ${calls} of them, the emulator to ${hosted}, each on its own, so that they cannot agree on a mistake. What they are held`,
    "to is what [the protocol](protocol.md) knows, by the same marks: of a real host nobody here has had more than reports and one recording.",
    "[How to add one](../test/conformance/README.md).",
  ]);
}

function aboutPeer(all: number, others: number, date: string): string {
  return lines([
    `On ${date} \`ManagedIdentityCredential\` was put into the same ${all} situations, each in a process of its own; in ${all - others} it did what is laid down. It`,
    "fails by `CredentialUnavailableError` whatever the reason, after which a chain goes on to its next credential; ours does so for `NOT_CONFIGURED`",
    "alone. That is not repeated below. Nor is every difference a fault: some of what is laid down is a choice, and says so further down.",
  ]);
}

function differenceSection(title: string, rows: readonly Compared[]): string {
  const cells = rows.map(({ transcript, result }) => [
    transcript.name,
    `${outcomeOf(transcript)}, ${count(canonicalRequests(transcript).length)}`,
    differences(transcript, result).join("; "),
  ]);
  return `### ${title}: what differs\n\n${table(["situation", "laid down", "`@azure/identity`"], cells)}`;
}

function transcriptSection(
  title: string,
  rows: readonly Transcript[],
  compared: readonly Compared[],
  others: readonly Compared[],
): string {
  const cells = rows.map((each) => {
    const isOf = ({ transcript }: Compared): boolean => transcript === each;
    const same = compared.some(isOf) && !others.some(isOf);
    const held = [isCall(each) ? "c" : "", each.host === undefined ? "" : "e", same ? "i" : ""];
    return [each.name, isCall(each) ? outcomeOf(each) : answerOf(each), sourcesOf(each), held.join("")];
  });
  return `### ${title}\n\n${table(["situation", "comes of it", "known from", ""], cells)}`;
}

function outcomeOf({ outcome }: Call): string {
  return "code" in outcome ? `[\`${outcome.code}\`](troubleshooting.md#${outcome.code.toLowerCase()})` : "a token";
}

function answerOf({ exchanges }: Transcript): string {
  const [first] = exchanges;
  return first === undefined || first.response === "reset" ? "" : `${first.response.status}`;
}

function sourcesOf({ source }: Transcript): string {
  return Object.entries(source)
    .map(([mark, where = ""]) =>
      mark === "guess"
        ? `guess: ${where}`
        : mark === "decision"
          ? `[decision](${where.replace(/^docs\//, "").replace(/^packages\//, "../packages/")})`
          : `[${mark}](${where})`,
    )
    .join("; ");
}

function byTitle<Each>(all: readonly Each[], of: (each: Each) => Transcript): [title: string, rows: Each[]][] {
  return [...Map.groupBy(all, (each) => of(each).title)];
}

function isCall(transcript: Transcript): transcript is Call {
  return transcript.call !== undefined;
}

function lines(all: readonly string[]): string {
  return all.join("\n");
}

/** A table as the formatter would leave it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(3, ...[name, ...rows.map((row) => row[column] ?? "")].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[], fill = " "): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width, fill)).join(" | ")} |`;
  return [line(head), line([], "-"), ...rows.map((row) => line(row))].join("\n");
}
