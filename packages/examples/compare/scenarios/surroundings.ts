import type { Outcome } from "#outcome";
import type { Group } from "#scenario";
import { all, type Criterion, gotToken } from "./criteria.ts";
import { links } from "./links.ts";

const passedProxyBy: Criterion = ({ proxy }) => proxy?.requestCount === 0;

function tellProxy({ proxy }: Outcome): string {
  return proxy?.requestCount
    ? `the proxy saw ${proxy.sawSecret ? "the secret" : "a request"}`
    : "the proxy saw nothing";
}

export const surroundings: Group = {
  title: "Around the endpoint",
  intro: "A proxy for outbound traffic, and a secret that changes.",
  scenarios: [
    {
      name: "http-proxy",
      question: "HTTP_PROXY is set",
      wanted: "a token, and nothing for the proxy to see",
      beside: "proxy",
      env: ({ env, besideUrl }) => ({ ...env, HTTP_PROXY: besideUrl }),
      tell: tellProxy,
      meets: all(gotToken, passedProxyBy),
      explain:
        "@azure/identity sends the request, secret and all, through the proxy, which on another machine would fail.",
      link: links.proxy,
      quick: true,
    },
    {
      name: "no-proxy",
      question: "HTTP_PROXY is set, and NO_PROXY names the endpoint's host",
      wanted: "a token, and nothing for the proxy to see",
      beside: "proxy",
      env: ({ env, besideUrl }) => ({ ...env, HTTP_PROXY: besideUrl, NO_PROXY: "127.0.0.1" }),
      tell: tellProxy,
      meets: all(gotToken, passedProxyBy),
      explain: "The remedy for @azure/identity, if one knows the address beforehand.",
      link: links.proxy,
    },
    {
      name: "rotation",
      question: "IDENTITY_HEADER changes in the process: a token for another resource",
      wanted: "a token",
      act: async (app) => {
        await app.prepare();
        const { IDENTITY_HEADER: secret } = await app.emulator.rotateSecret();
        process.env["IDENTITY_HEADER"] = secret;
        return app.call({ scope: "https://vault.azure.net/.default" });
      },
      meets: gotToken,
      explain:
        "Read for every request by one, once for the life of the process by @azure/identity. How a change reaches a process is the host's affair; a restart serves both.",
      link: links.secret,
      quick: true,
    },
  ],
};
