/**
 * Whether a NO_PROXY list lets a URL past the proxy: `*`, host names, domains with or without a leading dot or `*`, each with or
 * without a port, separated by commas or spaces. Ranges of addresses are read by few tools, so they do not count.
 */
export function bypassesProxy(url: URL, list: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") {
        return true;
      }
      const [, name = "", onlyPort] = /^\*?(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      return (
        (onlyPort ?? port) === port && (host === name.replace(/^\./, "") || host.endsWith(name.replace(/^\.?/, ".")))
      );
    });
}
