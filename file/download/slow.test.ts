/** Downloads that are held without being read: they keep no other reader out, and little memory. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect, type Socket } from 'node:net';
import type { RunningService } from '@parley/kit/run';
import { eventually } from '@parley/kit/testing/eventually';
import { describeWith } from '@parley/kit/testing/servers';
import { backends, type Stores, startReady } from '../testing/backends.ts';
import { createClient } from '../testing/client.ts';
import * as samples from '../testing/samples.ts';

/** Far more than what the buffers of a connection take. */
const FILE_BYTES = 40_000_000;
const MOST_DOWNLOADS = 8;

for (const backend of backends) {
  describeWith(backend.needs, `downloads held slowly on ${backend.name}`, () => {
    let stores: Stores;
    let service: RunningService;
    const sockets: Socket[] = [];
    beforeAll(async () => {
      stores = await backend.open();
      service = await startReady({
        ...stores.env,
        MAX_FILE_BYTES: String(FILE_BYTES),
        WHOLE_DOWNLOAD_BYTES: '1000000',
        MAX_DOWNLOADS: String(MOST_DOWNLOADS),
      });
    });
    afterAll(async () => {
      for (const socket of sockets) socket.destroy();
      await service.stop();
      await stores.close();
    });

    const client = createClient(() => service.url);

    /** Asks and reads no more than the beginning. @returns whether an answer has begun */
    const hold = (id: string): (() => boolean) => {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      sockets.push(socket);
      let hasBegun = false;
      socket.once('data', () => {
        hasBegun = true;
        socket.pause();
      });
      socket.on('error', () => undefined);
      socket.write(`GET /${id}/download HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.66\r\n\r\n`);
      return () => hasBegun;
    };

    test('keep nobody else out, and give their places back when they go', async () => {
      const content = samples.text(FILE_BYTES);
      const { id } = await client.upload(content);
      const held = Array.from({ length: MOST_DOWNLOADS }, () => hold(id));
      const begun = () => held.filter((hasBegun) => hasBegun()).length;
      await eventually(() => expect(begun()).toBeGreaterThanOrEqual(MOST_DOWNLOADS / 2));
      const read = async (address: string) => {
        const answer = await client.ask(`/${id}/download`, { headers: { 'x-forwarded-for': address } });
        return (await answer.bytes()).length;
      };
      for (let time = 0; time < 3; time += 1) expect(await read('203.0.113.1')).toBe(FILE_BYTES);
      // From a store, half of the places is what one address gets; files on this disk cost nothing.
      if (!stores.env.STORAGE_DIR) expect(begun()).toBe(MOST_DOWNLOADS / 2);
      for (const socket of sockets) socket.destroy();
      expect(await read('203.0.113.66')).toBe(FILE_BYTES);
    });
  });
}
