// A child of a command that `exec` runs: serves for ever, and says where, and what it was given.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((_request, response) => response.end());
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`child at http://127.0.0.1:${port}`);
  console.log(`endpoint at ${process.env["IDENTITY_ENDPOINT"]}`);
});
