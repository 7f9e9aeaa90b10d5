import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import GithubSlugger from "github-slugger";
import MarkdownIt from "markdown-it";

/** The folder of the repository. */
export const root: string = join(import.meta.dirname, "../..");

/** What the tests want of a page. */
export interface Page {
  /** Its path in the repository. */
  readonly file: string;
  readonly blocks: readonly CodeBlock[];
  /** The code within sentences. */
  readonly inlineCode: readonly string[];
  /** The targets of links and images, as they are written. */
  readonly links: readonly string[];
  /** What a link to a heading of this page ends with. */
  readonly anchors: readonly string[];
}

/** A fenced block: three backticks, a language, flags; `ts no-run` has one flag. */
export interface CodeBlock {
  readonly file: string;
  /** The line where its code begins, from 1. */
  readonly line: number;
  readonly language: string;
  readonly flags: readonly string[];
  readonly code: string;
}

/** The pages that people read: at the root, under docs/, and beside the packages and the examples. */
export function readPages(): Page[] {
  const files = globSync(["*.md", "docs/**/*.md", "packages/*/*.md", "packages/examples/*/*.md"], { cwd: root });
  return files.toSorted().map((file) => parsePage(file, readFileSync(join(root, file), "utf8")));
}

/** Takes a page apart. */
export function parsePage(file: string, text: string): Page {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const slugger = new GithubSlugger();
  return {
    file,
    blocks: tokens
      .filter(({ type }) => type === "fence")
      .map(({ content, info, map }) => {
        const [language = "", ...flags] = info.trim().split(/\s+/);
        return { file, line: (map?.[0] ?? 0) + 2, language, flags, code: content };
      }),
    inlineCode: inline.filter(({ type }) => type === "code_inline").map(({ content }) => content),
    links: inline.flatMap((token) => token.attrGet("href") ?? token.attrGet("src") ?? []).map(String),
    anchors: tokens
      .filter((_, index) => tokens[index - 1]?.type === "heading_open")
      .map(({ content }) => slugger.slug(content)),
  };
}
