/** Calls to the APIs through the gateway, by the paths of their OpenAPI documents, so that what was never called can be told. */
import { check } from 'k6';
import http, { type RefinedResponse, type RequestBody, type ResponseType } from 'k6/http';
import { json, origin, proofOf } from './origin.ts';

export type Answer = RefinedResponse<ResponseType | undefined>;

export interface Api {
  /**
   * Calls one operation and checks the status of its answer.
   * @param operation as the document names it: `GET /rooms/{room_id}`
   * @param values of the path's parameters; the others become the query
   */
  call(operation: string, status: number, values?: Record<string, string>, body?: object | string): Answer;
  /** The operations of the document that nobody called. */
  uncalled(): string[];
}

interface ApiOptions {
  /** Where the gateway has it: `/api/chat`. */
  readonly prefix: string;
  /** What the paths of the document begin with beyond that: `/presence`. */
  readonly noun?: string;
  /** Who asks. */
  readonly user: string;
}

interface OpenApi {
  readonly paths: Record<string, Record<string, unknown>>;
}

/** For operators inside: the gateway doesn't hand it out. */
const PRIVATE = ['GET /ready'];

const fill = (path: string, values: Record<string, string>): string => {
  const rest = { ...values };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = encodeURIComponent(rest[name] ?? '');
    delete rest[name];
    return value;
  });
  const query = Object.entries(rest).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
};

const isForm = (body: object): boolean => Object.values(body).some((value) => typeof value === 'object' && value?.data);

interface Sent {
  readonly body: RequestBody | null;
  readonly headers: Record<string, string>;
}

/** A text goes as a beacon's does, a multipart body as it is, anything else as JSON. */
const send = (body: object | string | undefined): Sent => {
  if (body === undefined) return { body: null, headers: {} };
  if (typeof body === 'string') return { body, headers: { 'content-type': 'text/plain;charset=UTF-8' } };
  return isForm(body) ? { body: body as RequestBody, headers: {} } : { body: JSON.stringify(body), headers: json };
};

export const openApi = ({ prefix, noun = '', user }: ApiOptions): Api => {
  const document = http.get(`${origin}${prefix}/openapi.json`);
  check(document, { [`${prefix}/openapi.json answers`]: ({ status }) => status === 200 });
  const { paths } = document.json() as unknown as OpenApi;
  const uncalled = new Set(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  );
  for (const operation of PRIVATE) uncalled.delete(operation);

  return {
    call: (operation, status, values = {}, body = undefined) => {
      uncalled.delete(operation);
      const [method = '', path = ''] = operation.split(' ');
      const own = noun && path.startsWith(noun) ? path.slice(noun.length) : path;
      const url = origin + prefix + fill(own, values);
      const sent = send(body);
      const answer = http.request(method, url, sent.body, {
        headers: { ...proofOf(user), ...sent.headers },
        responseCallback: http.expectedStatuses(status),
        tags: { name: `${method} ${prefix}${own}` },
      });
      check(answer, { [`${operation} answers ${status}`]: (given) => given.status === status });
      return answer;
    },
    uncalled: () => [...uncalled],
  };
};
