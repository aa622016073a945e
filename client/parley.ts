/** All operations of the suite, grouped by service. A page that calls only a few of them has a smaller bundle with `createHttp`. */
import * as apis from './api/endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { type CallOptions, createHttp, type HttpOptions } from './http.ts';
import { checkOrigins } from './origins.ts';
import { joinRoom, type RoomConnection, type RoomOptions } from './room.ts';

type Operation<E> =
  E extends Endpoint<infer Args, infer Result>
    ? Record<string, never> extends Args
      ? (args?: Args, options?: CallOptions) => Promise<Result>
      : (args: Args, options?: CallOptions) => Promise<Result>
    : never;

/** A function for each endpoint of a module. */
export type Service<Endpoints> = { readonly [K in keyof Endpoints]: Operation<Endpoints[K]> };

/** The operations of each service, by its name. */
export type Services = { readonly [K in keyof typeof apis]: Service<(typeof apis)[K]> };

export interface Parley extends Services {
  /** The function `joinRoom` with the addresses and the token that were given to `createParley`. */
  joinRoom(room: Omit<RoomOptions, keyof HttpOptions>): RoomConnection;
}

/**
 * Typed calls to all services, through the gateway (`baseUrl`) or directly (`urls`). They reject with a {ParleyError}.
 * @throws {TypeError} when an address is missing or isn't one of HTTP
 */
export const createParley = (options: HttpOptions): Parley => {
  checkOrigins(options);
  const call = createHttp(options);
  const service = <Endpoints extends Readonly<Record<string, Endpoint<never, unknown>>>>(endpoints: Endpoints) => {
    const operations = Object.entries(endpoints).map(([name, endpoint]) => [
      name,
      (args: object = {}, callOptions?: CallOptions) => call(endpoint as Endpoint<object, unknown>, args, callOptions),
    ]);
    return Object.fromEntries(operations) as Service<Endpoints>;
  };
  const services = Object.entries(apis).map(([name, endpoints]) => [name, service(endpoints)]);
  return {
    ...(Object.fromEntries(services) as Services),
    joinRoom: (room) => joinRoom({ ...options, ...room }),
  };
};
