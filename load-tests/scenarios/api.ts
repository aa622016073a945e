/**
 * Calls to the APIs through the gateway, by the endpoints of `@parley/client`: their addresses, arguments and answers. Each service's
 * OpenAPI document tells which operations were never called.
 */
import { check } from 'k6';
import http, { type FileData, type RefinedResponse, type RequestBody, type ResponseType } from 'k6/http';
import { gateway, type ServiceName } from '../../client/api/gateway.ts';
import type { Address, Endpoint } from '../../client/endpoint.ts';
import { urlOf } from '../../client/http.ts';
import { json, origin, proofOf } from './origin.ts';

type Answer = RefinedResponse<ResponseType | undefined>;

/** An operation as its document names it: `GET /rooms/{room_id}`. */
type Operation = string;

interface Sent {
  readonly method: string;
  /** From the service's root, with the query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: RequestBody | null;
}

export interface Api {
  /** Calls an operation and checks that it answers with this status. @returns the answer, as the contract describes it */
  call<Args extends object, Result>(endpoint: Endpoint<Args, Result>, status: number, args: NoInfer<Args>): Result;
  /** As `call`, where a refusal is expected or possible: checks that the status is one of these. */
  attempt<Args extends object>(endpoint: Endpoint<Args, unknown>, statuses: number[], args: NoInfer<Args>): Answer;
  /** Sends a file in the form that the operation takes. */
  upload<Args extends { file: Blob }, Result>(
    endpoint: Endpoint<Args, Result>,
    status: number,
    args: NoInfer<Omit<Args, 'file'>>,
    file: FileData,
  ): Result;
  /** POSTs a text to the address of an operation, as the beacon of a page that is left does. */
  beacon<Args extends object>(
    endpoint: Endpoint<Args, unknown>,
    status: number,
    args: NoInfer<Args>,
    text: string,
  ): void;
  /** Requests an address that an answer named. @param operation that it belongs to */
  open(method: 'GET' | 'HEAD', path: string, status: number, operation: Operation): Answer;
  /** The operations of all services that nobody called. */
  uncalled(): Operation[];
}

/** The gateway doesn't hand these out. */
const PRIVATE = ['GET /ready'];

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const operationOf = ({ method, path }: Address): Operation => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`;

const operationsOf = (service: ServiceName): Operation[] => {
  const document = http.get(urlOf({ baseUrl: origin }, service, '/openapi.json'));
  check(document, { [`${service}: openapi.json answers`]: ({ status }) => status === 200 });
  const { paths }: OpenApi = JSON.parse(String(document.body));
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
};

/** k6 has neither `URLSearchParams` nor `FormData`, by which the client makes its requests. */
const requestOf = ({ method, path, query, headers: asHeaders }: Address, args: object): Sent => {
  const search: string[] = [];
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  let place = path;
  for (const [name, value] of Object.entries(args)) {
    const encoded = encodeURIComponent(String(value));
    if (path.split('/').includes(`:${name}`)) place = place.replace(`:${name}`, encoded);
    else if (asHeaders?.includes(name)) headers[name] = String(value);
    else if (query?.includes(name) ?? (method === 'GET' || method === 'DELETE')) search.push(`${name}=${encoded}`);
    else body[name] = value;
  }
  const sent = { method, path: search.length === 0 ? place : `${place}?${search.join('&')}` };
  if (Object.keys(body).length === 0) return { ...sent, headers, body: null };
  return { ...sent, headers: { ...headers, ...json }, body: JSON.stringify(body) };
};

/** @param user who acts */
export const openApis = (user: string): Api => {
  const services = Object.keys(gateway) as ServiceName[];
  const uncalled = new Map(services.map((service) => [service, new Set(operationsOf(service))]));
  for (const operations of uncalled.values()) for (const operation of PRIVATE) operations.delete(operation);

  const request = (url: string, name: string, statuses: number[], { method, headers, body }: Sent): Answer => {
    const answer = http.request(method, url, body, {
      headers: { ...proofOf(user), ...headers },
      responseCallback: http.expectedStatuses(...statuses),
      tags: { name },
    });
    check(answer, { [`${name} answers ${statuses.join(' or ')}`]: ({ status }) => statuses.includes(status) });
    return answer;
  };

  const send = (endpoint: Address, statuses: number[], sent: Sent): Answer => {
    const { service } = endpoint;
    const operation = operationOf({ ...endpoint, method: sent.method as Address['method'] });
    uncalled.get(service)?.delete(operation);
    return request(urlOf({ baseUrl: origin }, service, sent.path), operation, statuses, sent);
  };

  return {
    call: <Result>(endpoint: Endpoint<never, Result>, status: number, args: object) => {
      const result: Result = JSON.parse(String(send(endpoint, [status], requestOf(endpoint, args)).body));
      return result;
    },
    attempt: (endpoint, statuses, args) => send(endpoint, statuses, requestOf(endpoint, args)),
    upload: <Result>(endpoint: Endpoint<never, Result>, status: number, args: object, file: FileData) => {
      const sent = { ...requestOf(endpoint, args), headers: {}, body: { file } };
      const result: Result = JSON.parse(String(send(endpoint, [status], sent).body));
      return result;
    },
    beacon: (endpoint, status, args, text) => {
      const headers = { 'content-type': 'text/plain;charset=UTF-8' };
      send(endpoint, [status], { ...requestOf(endpoint, args), method: 'POST', headers, body: text });
    },
    open: (method, path, status, operation) => {
      for (const operations of uncalled.values()) operations.delete(operation);
      return request(origin + path, operation, [status], { method, path, headers: {}, body: null });
    },
    uncalled: () => [...uncalled.values()].flatMap((operations) => [...operations]),
  };
};
