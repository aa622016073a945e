/** An operation of a service as data: its address, and where the arguments of a call go. */

import type { ServiceName } from './api/gateway.ts';

export type { ServiceName };

export interface Address {
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the service's root. `:name` is the argument of that name. */
  readonly path: string;
  /** Arguments that go into the query; unless given, all of GET and DELETE beyond the path's, none of other methods. */
  readonly query?: readonly string[];
  /** Arguments that are headers, by the header's name. */
  readonly headers?: readonly string[];
  /** Arguments that are fields of a multipart form. All arguments that are left are fields of the JSON body. */
  readonly form?: readonly string[];
}

/**
 * Takes one flat object of arguments and answers with a `Result`. The types are for the compiler alone: nothing checks an answer at run
 * time, since the services' tests hold their answers to the same contract.
 */
export interface Endpoint<Args extends object, Result> extends Address {
  readonly types?: (args: Args) => Result;
}

/** What a call of an endpoint takes. */
export type ArgsOf<E> = E extends Endpoint<infer Args, unknown> ? Args : never;

/** Without a side effect, so that a bundler leaves out the endpoints that a page doesn't use. */
// @__NO_SIDE_EFFECTS__
export const endpoint = <Args extends object, Result>(address: Address): Endpoint<Args, Result> => address;
