/**
 * A service's contract declares each of its operations once, as a value. The service makes its routes of them (`routeOf`), and the client
 * library and the fake services of tests are generated from them.
 */
import type { TObject } from '@sinclair/typebox';
import type { TSchema } from 'elysia';
import { errorAnswers, errorResponses } from '../errors/error-answers.ts';
import type { ErrorEntry } from '../errors/errors.ts';

interface Operation {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the service's root; `:name` is a parameter. */
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** The section of the documentation in which it stands. */
  readonly tag: string;
  /** The base of the path, relative to the document; that of the service's other paths unless given. */
  readonly serverUrl?: '.';
  readonly params?: TObject;
  readonly query?: TObject;
  readonly headers?: TObject;
  /** The errors that it answers with. */
  readonly errors: readonly ErrorEntry[];
}

/** An operation that answers in JSON. */
export interface Endpoint extends Operation {
  readonly body?: TSchema;
  /** A multipart form. It is documented only: the route reads it as a stream, which the framework can't validate. */
  readonly form?: TObject;
  /** The schema of the answer for each status of success. */
  readonly answers: Readonly<Record<number, TSchema>>;
}

/** An answer as OpenAPI describes it, by media type; without `content` it has no body. */
interface DocumentedAnswer {
  readonly description: string;
  readonly content?: {
    readonly [type: string]: {
      readonly schema: { readonly type: 'string'; readonly format: 'binary'; readonly description: string };
      readonly example: string;
    };
  };
}

/** An operation that answers with bytes. */
export interface Download extends Operation {
  readonly responses: Readonly<Record<number, DocumentedAnswer>>;
}

export const endpoint = <const E extends Endpoint>(operation: E): E => operation;

export const download = <const D extends Download>(operation: D): D => operation;

const isOperation = (value: unknown): value is Endpoint | Download =>
  typeof value === 'object' && value !== null && 'method' in value && 'errors' in value;

/** The operations that a contract's module exports, with their names. */
export const operationsOf = (contract: object): [name: string, operation: Endpoint | Download][] =>
  Object.entries(contract).flatMap(([name, value]: [string, unknown]) => (isOperation(value) ? [[name, value]] : []));

const detailOf = ({ summary, description, tag, serverUrl }: Operation) => ({
  summary,
  description,
  tags: [tag],
  ...(serverUrl && { servers: [{ url: serverUrl }] }),
});

/** The schemas that the framework validates and documents: the last argument of an endpoint's route. */
export const routeOf = <const E extends Endpoint>(operation: E) => {
  const { method, path, summary, description, tag, serverUrl, form, answers, errors, ...schemas } = operation;
  const success: E['answers'] = answers;
  const refusals = errorAnswers<E['errors'][number]>(...errors);
  return { ...schemas, response: { ...success, ...refusals }, detail: detailOf(operation) };
};

/** The same for a download, whose answers are documented but not validated. */
export const downloadRouteOf = <const D extends Download>(operation: D) => {
  const { method, path, summary, description, tag, serverUrl, responses, errors, ...schemas } = operation;
  return { ...schemas, detail: { ...detailOf(operation), responses: { ...responses, ...errorResponses(...errors) } } };
};
