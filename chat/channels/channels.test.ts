import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Bus } from '@parley/kit/stores/bus';
import { openBus } from '@parley/kit/stores/bus.open';
import { eventually } from '@parley/testing/time/eventually';
import { silent } from '../testing/backends.ts';
import { type Channels, createChannels } from './channels.ts';

describe('channels', () => {
  let bus: Bus;
  let channels: Channels;
  let published: { topic: string; text: string }[];
  let listening: string[];

  beforeEach(() => {
    const inner = openBus(`memory:${crypto.randomUUID()}`, silent);
    published = [];
    listening = [];
    bus = {
      ...inner,
      subscribe: async (channel, listener) => {
        listening.push(channel);
        const leave = await inner.subscribe(channel, listener);
        return () => {
          listening.splice(listening.indexOf(channel), 1);
          leave();
        };
      },
    };
    channels = createChannels({ bus, publish: (topic, text) => published.push({ topic, text }) });
  });
  afterEach(() => bus.close());

  test('are joined once, while a socket here wants them', async () => {
    channels.enter('user:alice');
    channels.enter('user:alice');
    channels.leave('user:alice');
    await bus.publish('user:alice', '{"type":"notification"}');
    await eventually(() => expect(published).toEqual([{ topic: 'user:alice', text: '{"type":"notification"}' }]));
    channels.leave('user:alice');
    channels.leave('user:nobody');
    await eventually(() => expect(listening).toEqual([]));
    channels.enter('user:alice');
    expect(listening).toEqual(['user:alice']);
  });
});
