// Which files of other packages an import of the credential loads.
import { registerHooks } from "node:module";

const loaded = [];
registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url);
    return nextLoad(url, context);
  },
});
await import("@appservice-msi/credential");
const ours = loaded.filter((url) => url.includes("/node_modules/@appservice-msi/credential/"));
console.log(
  ours.length > 0,
  loaded.filter((url) => !url.startsWith("node:") && !ours.includes(url)),
);
