/** The HTTP API of presence as a whole. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { RunningService } from '@parley/kit/process/run';
import { incompleteness } from '@parley/testing/openapi/complete';
import { addressesOf, documentedAddressesOf } from '@parley/testing/openapi/contract';
import { readDocument } from '@parley/testing/openapi/document';
import { fuzzOpenApi } from '@parley/testing/openapi/fuzz';
import * as contract from './contract.ts';
import { describeBackends, startReplica } from './testing/backends.ts';

describeBackends('presence over HTTP', (url) => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startReplica(url());
  });
  afterAll(() => service.stop());

  test('no input to any endpoint makes it fail', async () => {
    const report = await fuzzOpenApi(service.url);
    // The requests reached the routes: every endpoint accepted some, and those with input rejected some.
    for (const statuses of Object.values(report)) expect(statuses[200]).toBeGreaterThan(0);
    expect(report['POST /presence/{user_id}/heartbeat']?.[422]).toBeGreaterThan(0);
  });

  test('its documentation describes every parameter, answer and error, with examples', async () => {
    const document = await readDocument(service.url);
    expect(Object.keys(document.paths)).toContain('/presence/{user_id}/heartbeat');
    expect(incompleteness(document)).toEqual([]);
  });

  test('it serves the operations of its contract, and no others', async () => {
    expect(documentedAddressesOf(await readDocument(service.url))).toEqual(addressesOf(contract));
  });
});
