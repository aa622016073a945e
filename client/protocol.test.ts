/** The library imports no service: this holds its own copies of the services' rules to the originals. */
import { expect, test } from 'bun:test';
import { closeCodes } from '@parley/kit/network/close-codes';
import { isBlank as isIgnored } from '@parley/kit/text/blank';
import { isBlank } from './blank.ts';
import { endingOf, endings, leastPauseMs } from './closing.ts';

test('it reconnects after the close codes that say so, and after a lost network', () => {
  const final = Object.entries(closeCodes).filter(([, { reconnect }]) => !reconnect);
  expect(endings).toEqual(Object.fromEntries(final.map(([name, { code }]) => [code, name])));
  for (const { code, reconnect } of Object.values(closeCodes)) expect(endingOf(code, '') === undefined).toBe(reconnect);
  expect([endingOf(1006, ''), endingOf(1000, '')]).toEqual([undefined, undefined]);
  expect(leastPauseMs(closeCodes.restarting.code)).toBeUndefined();
  expect(leastPauseMs(closeCodes.flooding.code)).toBeGreaterThan(0);
});

test('a message is blank when chat would drop it', () => {
  const differing: number[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const text = String.fromCodePoint(code);
    if (isBlank(text) !== isIgnored(text)) differing.push(code);
  }
  expect(differing).toEqual([]);
  expect([isBlank(''), isBlank(' \u200b\n'), isBlank(' a ')]).toEqual([true, true, false]);
});
