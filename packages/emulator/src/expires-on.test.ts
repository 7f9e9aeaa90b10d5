import { expect, it } from "vitest";
import { formatExpiresOn } from "./expires-on.ts";

it.each([
  ["epoch-string", Date.UTC(2020, 3, 15, 21, 5, 35), "1586984735"],
  ["epoch-number", Date.UTC(2020, 3, 15, 21, 5, 35), 1_586_984_735],
  ["us-24h", Date.UTC(2019, 5, 20, 2, 57, 58), "06/20/2019 02:57:58 +00:00"],
  ["us-12h", Date.UTC(2020, 0, 16, 5, 24, 12), "1/16/2020 5:24:12 AM +00:00"],
  ["us-12h", Date.UTC(2020, 0, 16, 0, 0, 0), "1/16/2020 12:00:00 AM +00:00"],
  ["us-12h", Date.UTC(2020, 0, 16, 12, 0, 0), "1/16/2020 12:00:00 PM +00:00"],
  ["us-12h", Date.UTC(2020, 10, 6, 23, 59, 9), "11/6/2020 11:59:09 PM +00:00"],
  ["iso", Date.UTC(2019, 5, 20, 2, 57, 58, 999), "2019-06-20T02:57:58Z"],
] as const)("writes %s as the hosts write it: %j is %j", (form, time, expected) => {
  expect(formatExpiresOn(form, time)).toBe(expected);
});
