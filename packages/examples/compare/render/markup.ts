/** HTML or SVG that may stand in a page as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold: text is escaped, markup is not, nothing is nothing. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** HTML or SVG from a template. */
export function markup(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, string, index) => `${text}${toText(contents[index - 1])}${string}`));
}

function toText(content: Content): string {
  if (content === undefined || content === false) {
    return "";
  }
  if (content instanceof Markup) {
    return content.text;
  }
  if (typeof content === "object") {
    return content.map(toText).join("");
  }
  return String(content).replaceAll(/[&<>"]/g, (character) => escapes[character] ?? character);
}
