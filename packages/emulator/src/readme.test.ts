import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { faultTable } from "./fault-table.ts";
import { hosts } from "./hosts.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const rows = readme.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));

describe("the README", () => {
  it.each(Object.entries(faultTable))(
    "has %s as the table of faults has it",
    (name, { summary, advice, parameters }) => {
      const usual = Object.entries(parameters).map(
        ([parameter, { default: value }]) => `\`${parameter}\`${value === undefined ? "" : ` (${value})`}`,
      );
      expect(rows).toContainEqual(["", `\`${name}\``, summary, advice, usual.join(", "), ""]);
    },
  );

  it("counts the faults right", () => {
    expect(readme).toContain(`${Object.keys(faultTable).length} faults`);
  });

  it.each(Object.values(hosts))("has a row for $name", ({ name, path }) => {
    expect(rows.find(([, first]) => first === `\`${name}\``)?.[3]).toBe(`\`${path}\``);
  });
});
