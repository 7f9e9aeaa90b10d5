import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Page, readPages, root } from "./markdown.ts";

const pages = readPages();

/** The links of a page that lead nowhere in this repository. */
function broken({ file, links }: Page): string[] {
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) {
      return false;
    }
    const [path = "", anchor] = decodeURI(link).split("#");
    const target = path === "" ? file : join(file, "..", path);
    const page = pages.find((each) => each.file === target);
    return !existsSync(join(root, target)) || (anchor !== undefined && page?.anchors.includes(anchor) !== true);
  });
}

it.each(pages)("$file links to what is there", (page) => {
  expect(broken(page)).toEqual([]);
});
