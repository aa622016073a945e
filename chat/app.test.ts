/** chat's HTTP API as a whole. */
import { expect, test } from 'bun:test';
import { incompleteness } from '@parley/testing/openapi/complete';
import { addressesOf, documentedAddressesOf } from '@parley/testing/openapi/contract';
import { readDocument } from '@parley/testing/openapi/document';
import { fuzzOpenApi } from '@parley/testing/openapi/fuzz';
import * as contract from './contract.ts';
import { asyncApi } from './socket/asyncapi.ts';
import { describeReplicas } from './testing/backends.ts';
import { connect } from './testing/client.ts';
import { newRoom, request, say } from './testing/http.ts';

const readMetric = async (metricsUrl: string, name: string): Promise<number> => {
  const lines = (await (await fetch(metricsUrl)).text()).split('\n');
  return lines
    .filter((line) => line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};

describeReplicas('chat over HTTP', {}, (replicas) => {
  test('no input to any endpoint makes it fail', async () => {
    const report = await fuzzOpenApi(replicas().here.url, { runs: 100 });
    // The fuzzing reached the routes: the room list was answered, and every endpoint with input refused some of it.
    expect(report['GET /rooms']?.[200]).toBeGreaterThan(0);
    expect(report['POST /rooms']?.[201]).toBeGreaterThan(0);
    for (const endpoint of ['POST /rooms', 'POST /rooms/{room_id}/messages', 'GET /rooms/{room_id}/messages'])
      expect(report[endpoint]?.[422]).toBeGreaterThan(0);
  });

  test('its documentation describes every parameter, answer and error, with examples', async () => {
    const document = await readDocument(replicas().here.url);
    expect(Object.keys(document.paths)).toContain('/rooms/{room_id}/messages');
    expect(incompleteness(document)).toEqual([]);
  });

  test('it serves what its contract names, and nothing else', async () => {
    expect(documentedAddressesOf(await readDocument(replicas().here.url))).toEqual(addressesOf(contract));
  });

  test('the document of the socket is served', async () => {
    const { status, body } = await request(replicas().here, 'GET', '/asyncapi.json');
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(asyncApi())));
  });

  test('health has the state of the service and of its stores', async () => {
    const isEmbedded = replicas().stores.redisUrl.startsWith('memory:');
    const state = isEmbedded ? 'embedded' : 'connected';
    expect(await request(replicas().here, 'GET', '/health')).toEqual({
      status: 200,
      body: { status: 'healthy', service: 'chat-service', postgres: state, redis: state },
    });
  });

  test('metrics count sockets, events and commits', async () => {
    const { here } = replicas();
    const room = await newRoom(here);
    const before = await readMetric(here.metricsUrl, 'parley_chat_deliveries_total');
    const commits = await readMetric(here.metricsUrl, 'parley_chat_commit_batch_size_count');
    const clients = [await connect(here, { room, user: 'a' }), await connect(here, { room, user: 'b' })];
    for (const client of clients) await client.joined();
    await say(here, room, 'counted');
    await Promise.all(clients.map((client) => client.waitFor(({ content }) => content === 'counted')));
    expect(await readMetric(here.metricsUrl, 'parley_chat_sockets')).toBe(2);
    expect(await readMetric(here.metricsUrl, 'parley_chat_deliveries_total')).toBeGreaterThanOrEqual(before + 2);
    expect(await readMetric(here.metricsUrl, 'parley_chat_commit_batch_size_count')).toBe(commits + 1);
    expect(await (await fetch(here.metricsUrl)).text()).toContain(`room="${room}"`);
    expect(await readMetric(here.metricsUrl, 'parley_chat_refusals_total')).toBeGreaterThan(0);
    for (const client of clients) await client.close();
  });

  test('an address without a route is 404, with the body of every error', async () => {
    expect(await request(replicas().here, 'GET', '/nothing')).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });
});
