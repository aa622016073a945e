// Made by `bun run docs` from the contracts of the services. Change those instead.

/** The codes of errors after which the same call, or frame, may succeed later. */
export const retryableCodes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'too_slow',
  'rate_limited',
  'storage_unavailable',
  'overloaded',
  'service_away',
  'internal',
  'presence_unavailable',
]);
