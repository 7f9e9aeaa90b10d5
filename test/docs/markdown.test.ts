import { expect, it } from "vitest";
import { parsePage } from "./markdown.ts";

const page = `# One \`two\`: three

See [a page](docs/a.md#b), ![a picture](a.svg) and \`pnpm test\`.

- a list
  \`\`\`ts no-run
  const a = 1;
  \`\`\`

## Again
## Again

\`\`\`sh
ls # [no link](x.md)
\`\`\`
`;

it("finds code with its place, language and flags, links, and the anchors that GitHub makes", () => {
  expect(parsePage("page.md", page)).toEqual({
    file: "page.md",
    blocks: [
      { file: "page.md", line: 7, language: "ts", flags: ["no-run"], code: "const a = 1;\n" },
      { file: "page.md", line: 14, language: "sh", flags: [], code: "ls # [no link](x.md)\n" },
    ],
    inlineCode: ["two", "pnpm test"],
    links: ["docs/a.md#b", "a.svg"],
    anchors: ["one-two-three", "again", "again-1"],
  });
});
