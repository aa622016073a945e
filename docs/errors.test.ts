import { describe, expect, test } from 'bun:test';
import { errors as common } from '@parley/kit/errors/errors';
import { allErrors, errorTables } from './errors.ts';

describe('The errors of all services', () => {
  test('a code means the same in every service', async () => {
    const codes = (await allErrors()).map(({ code }) => code);
    expect(codes.toSorted()).toEqual([...new Set(codes)].toSorted());
    for (const [, table] of await errorTables()) {
      expect(table).toMatchObject(common);
      for (const [name, { code }] of Object.entries(table)) expect(code).toBe(name);
    }
  });

  test('each has a client or server error and a sentence', async () => {
    for (const { status, detail } of await allErrors()) {
      expect(status).toBeWithin(400, 600);
      expect(detail).toMatch(/^[A-Z].{10,}/);
    }
  });

  test('those of a busy server, a slow line and a store that is away may be retried; a refused request may not', async () => {
    const isPassing = ({ status }: { status: number }) => status === 408 || status === 429 || status >= 500;
    const differing = (await allErrors()).filter((entry) => entry.retry !== isPassing(entry)).map(({ code }) => code);
    // Push stays off until the operator sets keys.
    expect(differing).toEqual(['push_disabled']);
  });
});
