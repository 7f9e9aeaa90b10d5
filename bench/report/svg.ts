type Attributes = Readonly<Record<string, string | number>>;

/** An SVG element; its children are elements or text, escaped before. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(toText(value))}"`);
  const tag = `${name}${pairs.join("")}`;
  return children.length === 0 ? `<${tag}/>` : `<${tag}>${children.join("")}</${name}>`;
}

/** A line of text that begins, is centred or ends at a point. */
export function label(x: number, y: number, words: string, style = "", anchor = "start"): string {
  return element("text", { x, y, class: style, "text-anchor": anchor }, escape(words));
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return element("line", { x1, y1, x2, y2, class: style });
}

/** A dot. */
export function dot(cx: number, cy: number, r: number, style: string): string {
  return element("circle", { cx, cy, r, class: style });
}

/** Characters that mean something in XML, written so that they do not. */
export function escape(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function toText(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 10) / 10) : value;
}

/** Where a value lies between two pixels on an axis of powers of ten. */
export function logScale(from: number, to: number, first: number, last: number): (value: number) => number {
  const span = Math.log10(to) - Math.log10(from);
  return (value) => first + ((Math.log10(Math.max(value, from)) - Math.log10(from)) / span) * (last - first);
}

/** The powers of ten from the one at or below the least value to the one at or above the greatest. */
export function decades(values: readonly number[]): number[] {
  const lowest = Math.floor(Math.log10(Math.min(...values)));
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: highest - lowest + 1 }, (_, step) => Number(`1e${lowest + step}`));
}

/** Colours for light and dark pages; the picture has a ground of its own, for pages that are neither. */
const style = `
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.title{font-size:16px;font-weight:600}.small{font-size:12px;fill:#59636e}
.ground{fill:#fff;stroke:#d1d9e0}.grid{stroke:#e4e8ec}.even{stroke:#9aa4ae;stroke-width:1.5}
.ours{fill:#1f6feb}.incumbent{fill:#bc5b12}.limit{fill:#818b96}
.ours-line{stroke:#1f6feb}.incumbent-line{stroke:#bc5b12}.limit-line{stroke:#818b96}
.ours-line,.incumbent-line,.limit-line{stroke-width:3;fill:none;stroke-linecap:round;stroke-linejoin:round}
.ring{fill:none;stroke:#818b96;stroke-width:2}
@media(prefers-color-scheme:dark){
text{fill:#e6edf3}.small{fill:#9198a1}.ground{fill:#0d1117;stroke:#30363d}.grid{stroke:#21262d}.even{stroke:#6e7681}
.ours{fill:#58a6ff}.incumbent{fill:#f0883e}.limit{fill:#9198a1}
.ours-line{stroke:#58a6ff}.incumbent-line{stroke:#f0883e}.limit-line{stroke:#9198a1}.ring{stroke:#9198a1}}
`.replaceAll("\n", "");

/** What every picture has: a size, a title, and a sentence for those who cannot see it. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly subtitle: string;
  /** What the picture shows, in words. */
  readonly description: string;
}

/** A picture of its own. */
export function picture({ width, height, title, subtitle, description }: Frame, ...children: string[]): string {
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
  };
  return `${element(
    "svg",
    attributes,
    element("title", {}, escape(title)),
    element("desc", {}, escape(description)),
    element("style", {}, style),
    element("rect", { class: "ground", x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 8 }),
    label(24, 34, title, "title"),
    label(24, 54, subtitle, "small"),
    ...children,
  )}\n`;
}
