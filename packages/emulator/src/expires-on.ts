/** How a host writes `expires_on`. */
export type ExpiresOnForm = "epoch-string" | "epoch-number" | "us-24h" | "us-12h" | "iso";

const writers: Readonly<Record<ExpiresOnForm, (date: Date) => string | number>> = {
  "epoch-string": (date) => String(date.getTime() / 1000),
  "epoch-number": (date) => date.getTime() / 1000,
  "us-24h": (date) =>
    `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${date.getUTCFullYear()} ${two(date.getUTCHours())}:${minutes(date)} +00:00`,
  "us-12h": (date) =>
    `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${date.getUTCHours() % 12 || 12}:${minutes(date)} ${date.getUTCHours() < 12 ? "AM" : "PM"} +00:00`,
  iso: (date) => `${date.toISOString().slice(0, 19)}Z`,
};

/**
 * Writes a time as the endpoint's `expires_on`, in whole seconds.
 *
 * - `epoch-string`: `"1586984735"`
 * - `epoch-number`: `1586984735`
 * - `us-24h`: `"06/20/2019 02:57:58 +00:00"`
 * - `us-12h`: `"1/16/2020 5:24:12 AM +00:00"`
 * - `iso`: `"2019-06-20T02:57:58Z"`
 */
export function formatExpiresOn(form: ExpiresOnForm, timeInMs: number): string | number {
  return writers[form](new Date(Math.floor(timeInMs / 1000) * 1000));
}

function minutes(date: Date): string {
  return `${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
