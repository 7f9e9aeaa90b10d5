import type { Trial } from "./trial.ts";

/** What came of a trial. */
export interface Result {
  readonly trial: Trial;
  readonly version: string;
  readonly ok: boolean;
  /** In a few words; all that was said, when it failed. */
  readonly outcome: string;
}

/** The results as tables, with their date above them. */
export function renderResults(results: readonly Result[], date: string): string {
  const failed = results.filter(({ ok }) => !ok).length;
  const summary = failed === 0 ? `all ${results.length} work` : `${failed} of ${results.length} do not work`;
  const tables = [...Map.groupBy(results, ({ trial }) => trial.table)].map(([name, of]) => renderTable(name, of));
  return [`Made on ${date} by \`npx -y pnpm@12 consumers\`: ${summary}.`, ...tables].join("\n\n");
}

function renderTable(name: string, results: readonly Result[]): string {
  const columns = [...new Set(results.map(({ trial }) => trial.column))];
  const rows = [...Map.groupBy(results, ({ trial }) => trial.row)].map(([row, of]) => [
    row,
    of[0]?.version ?? "",
    ...columns.map((column) => renderCell(of.find(({ trial }) => trial.column === column))),
  ]);
  const lines = [["", "version", ...columns], ["", "", ...columns].map(() => "---"), ...rows];
  return `### ${name}\n\n${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}`;
}

function renderCell(result: Result | undefined): string {
  return result === undefined || result.ok ? (result?.outcome ?? "") : "**fails**";
}
