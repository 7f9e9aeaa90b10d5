import type { Group } from "#scenario";
import { all, atOnce, failed, gotToken, sent, wasAborted } from "./criteria.ts";
import { links } from "./links.ts";

export const waiting: Group = {
  title: "Aborting and waiting",
  intro: "Who decides how long a call takes.",
  scenarios: [
    {
      name: "abort-before",
      question: "abortSignal was aborted before the call",
      wanted: "an AbortError, and no request",
      call: { abortAfterInMs: 0 },
      meets: all(wasAborted, sent(0)),
      explain: "@azure/identity does not hand the signal on to the library that makes the request.",
      link: links.aborted,
      quick: true,
    },
    {
      name: "abort-during",
      question: "abortSignal is aborted after 0.3 s, and the endpoint takes 3 s",
      wanted: "an AbortError, well before 3 s are over",
      fault: { name: "slow-headers", delayInMs: 3000 },
      call: { abortAfterInMs: 300 },
      meets: all(wasAborted, ({ durationInMs }) => durationInMs < 1500),
      explain: "The same: the call goes on as if nothing had happened.",
      link: links.aborted,
      waitsInMs: 3000,
    },
    {
      name: "hang-once",
      question: "The first request is never answered, the second would be",
      wanted: "a token",
      fault: { name: "hang", times: 1 },
      meets: gotToken,
      explain: "attemptTimeoutInMs gives up on a request after 10 s; @azure/identity has no such limit.",
      link: links.options,
      waitsInMs: 15_000,
    },
    {
      name: "hang",
      question: "No request is ever answered; timeoutInMs is 5000",
      wanted: "an error after 5 s",
      options: () => ({ timeoutInMs: 5000 }),
      fault: { name: "hang" },
      meets: failed,
      explain:
        "@azure/identity has no option of that kind; an httpClient of your own could set one. Without the option the limit is 30 s.",
      link: links.timeout,
      waitsInMs: 15_000,
    },
    {
      name: "slow-12s",
      question: "The endpoint takes 12 s, each time",
      wanted: "a token",
      fault: { name: "slow-headers", delayInMs: 12_000 },
      meets: gotToken,
      explain:
        "Patience wins: attemptTimeoutInMs (10 s) cuts every request off before its answer. Raise it where such a pace is normal.",
      link: links.timeout,
      limitInMs: 35_000,
      waitsInMs: 30_000,
    },
    {
      name: "slow-body",
      question: "The status comes at once, the body takes 3 s",
      wanted: "a token",
      fault: { name: "slow-body", durationInMs: 3000 },
      meets: gotToken,
      explain: "All three wait for the rest.",
      link: links.options,
      waitsInMs: 3000,
    },
    {
      name: "long-retry-after",
      question: "429 with Retry-After: 120",
      fault: { name: "status-429", retryAfterInSeconds: 120 },
      explain:
        "@azure/identity waits the two minutes; AppServiceMsiCredential, whose calls end within 30 s, says THROTTLED at once.",
      link: links.retryAfter,
      waitsInMs: 15_000,
    },
    {
      name: "no-retries",
      question: "404, and retryOptions: { maxRetries: 0 }",
      wanted: "an error after one request, at once",
      options: () => ({ retryOptions: { maxRetries: 0 } }),
      fault: { name: "status-404" },
      meets: all(failed, sent(1), atOnce),
      explain: "All three do as retryOptions say: whoever wants to fail fast can.",
      link: links.options,
    },
  ],
};
