import { emulatorVariable } from "../identity/azure-host.ts";

/** Variables by name. */
type Variables = Readonly<Record<string, string>>;

/** The variables that lead a process to an emulator: the ones of the host, and the one for `fault` and `journal`. */
export function variablesOf(emulator: { readonly env: object; readonly dashboardUrl: string }): Variables {
  return { ...(emulator.env as Variables), [emulatorVariable]: emulator.dashboardUrl };
}

/** Lines that set variables, by the shell that reads them. */
export const variableExports = {
  bash: (variables: Variables) =>
    Object.entries(variables)
      .map(([name, value]) => `export ${name}=${inPosixQuotes(value)}`)
      .join("\n"),
  powershell: (variables: Variables) =>
    Object.entries(variables)
      .map(([name, value]) => `$env:${name} = ${inPowerShellQuotes(value)}`)
      .join("\n"),
  // The emulator listens on the loopback address alone, so the container has to be on the host's network.
  docker: (variables: Variables) =>
    [
      "docker run --network host \\",
      ...Object.entries(variables).map(([name, value]) => `  -e ${name}=${inPosixQuotes(value)} \\`),
      "  <image>",
    ].join("\n"),
} as const;

/** Who reads the lines. */
export type ExportShell = keyof typeof variableExports;

function inPosixQuotes(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

function inPowerShellQuotes(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
