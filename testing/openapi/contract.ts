/** Compares a service's contract with its OpenAPI document, which is made from the routes that the service serves. */
import { operationsOf } from '@parley/kit/contract/contract';
import { readReadiness } from '@parley/kit/http/health';
import { endpointsOf, type OpenApiDocument } from './document.ts';

/** `GET /rooms/{room_id}` of every operation that a service with this contract should serve, sorted. */
export const addressesOf = (contract: object): string[] =>
  operationsOf({ ...contract, readReadiness })
    .map(([, { method, path }]) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    .toSorted();

export const documentedAddressesOf = (document: OpenApiDocument): string[] =>
  endpointsOf(document)
    .map(({ method, path }) => `${method} ${path}`)
    .toSorted();
