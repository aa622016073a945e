/** An operation of a service as data: its method and path, and which arguments are path, query, headers, form or body. */

import type { ServiceName } from './api/gateway.ts';

export type { ServiceName };

export interface Address {
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the service's root. `:name` is replaced by the argument of that name. */
  readonly path: string;
  /** The arguments that are put into the query. Unless given: with GET and DELETE all that aren't in the path, otherwise none. */
  readonly query?: readonly string[];
  /** The arguments that are sent as headers. The name of the argument is the header's. */
  readonly headers?: readonly string[];
  /** The arguments that are fields of a multipart form. All remaining arguments are fields of the JSON body. */
  readonly form?: readonly string[];
}

/**
 * An operation that takes one flat object of arguments and answers with a `Result`. The compiler alone uses the types: answers aren't checked
 * at run time, since the services' tests hold them to the same contract.
 */
export interface Endpoint<Args extends object, Result> extends Address {
  /** Never set: holds the types for the compiler. */
  readonly types?: (args: Args) => Result;
}

/** The arguments of an endpoint. */
export type ArgsOf<E> = E extends Endpoint<infer Args, unknown> ? Args : never;

/** The mark below lets a bundler leave out the endpoints that a page doesn't use. */
// @__NO_SIDE_EFFECTS__
export const endpoint = <Args extends object, Result>(address: Address): Endpoint<Args, Result> => address;
