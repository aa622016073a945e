/** Arbitrary requests for one endpoint: valid, with one invalid part, or invalid throughout. */
import fc, { type Arbitrary } from 'fast-check';
import { headersOf, pathOf, queryOf } from './addresses.ts';
import { type Body, bodyOf } from './bodies.ts';
import type { Endpoint, OpenApiDocument, Parameter } from './document.ts';

export interface FuzzedRequest {
  readonly method: string;
  /** Percent-encoded, with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | undefined;
}

type Part = 'path' | 'query' | 'headers' | 'body';

const parts: readonly Part[] = ['path', 'query', 'headers', 'body'];

/** The parts of the endpoint's requests that can be invalid. A body can be sent to any endpoint but GET. */
const breakableParts = ({ method, operation }: Endpoint): Part[] => {
  const places = new Set(operation.parameters?.map((parameter) => parameter.in));
  const has: Record<Part, boolean> = {
    path: places.has('path'),
    query: places.has('query'),
    headers: places.has('header'),
    body: method !== 'GET' && method !== 'HEAD',
  };
  return parts.filter((part) => has[part]);
};

export interface Requests {
  readonly valid: Arbitrary<FuzzedRequest>;
  readonly broken: Arbitrary<FuzzedRequest>;
}

export const requestsOf = (document: OpenApiDocument, endpoint: Endpoint): Requests => {
  const placed = (place: Parameter['in']) => endpoint.operation.parameters?.filter((each) => each.in === place) ?? [];
  const requests = (which: readonly Part[]): Arbitrary<FuzzedRequest> =>
    fc.record({
      method: fc.constant(endpoint.method),
      path: fc
        .tuple(
          pathOf(document, endpoint, which.includes('path')),
          queryOf(document, placed('query'), which.includes('query')),
        )
        .map((both) => both.join('')),
      headers: headersOf(document, placed('header'), which.includes('headers')),
      body: bodyOf(document, endpoint, which.includes('body')),
    });
  const breakable = breakableParts(endpoint);
  // An invalid body reaches the most code, so it is drawn most often.
  const weightOf = (part: Part) => (part === 'body' && endpoint.operation.requestBody ? 8 : 2);
  const single = breakable.map((part) => ({ weight: weightOf(part), arbitrary: requests([part]) }));
  return {
    valid: requests([]),
    broken: fc.oneof(...single, { weight: 1, arbitrary: requests(breakable) }),
  };
};
