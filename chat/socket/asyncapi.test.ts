import { describe, expect, test } from 'bun:test';
import schema from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { closeCodes } from '@parley/kit/network/close-codes';
import { Ajv } from 'ajv';
import { errors } from '../errors.ts';
import { clientFrames, serverFrames } from '../frames.ts';
import { asyncApi } from './asyncapi.ts';

/** As it is served. */
const document = JSON.parse(JSON.stringify(asyncApi())) as ReturnType<typeof asyncApi>;

const findReferences = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(findReferences)];
};

const resolve = (reference: string): unknown =>
  reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);

describe('the AsyncAPI document', () => {
  const isAsyncApi = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(schema);

  test('is one, by the specification’s own schema', () => {
    expect({ isValid: isAsyncApi(document), errors: isAsyncApi.errors }).toEqual({ isValid: true, errors: null });
    expect(isAsyncApi({ ...document, operations: { receive: { action: 'shout' } } })).toBe(false);
  });

  test('has every target of its references', () => {
    const references = findReferences(document);
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((reference) => resolve(reference) === undefined)).toEqual([]);
  });

  test('has every frame, in the direction in which it goes', () => {
    const names = (operation: 'receive' | 'send') =>
      document.operations[operation].messages.map(({ $ref }) => $ref.split('/').at(-1));
    expect(names('receive')).toEqual(Object.keys(clientFrames).map((name) => `client_${name}`));
    expect(names('send')).toEqual(Object.keys(serverFrames).map((name) => `server_${name}`));
  });

  test('has the schemas that validate the frames', () => {
    const payload = (name: string) => (document.components.messages[name] as { payload: unknown }).payload;
    expect(payload('client_message')).toEqual(JSON.parse(JSON.stringify(clientFrames.message)));
    expect(payload('server_ack')).toEqual(JSON.parse(JSON.stringify(serverFrames.ack)));
  });

  test('describes every frame', () => {
    for (const message of Object.values(document.components.messages))
      expect(message.summary).not.toBe(message.name.replace(/^(client|server)_/, ''));
  });

  test('lists every error and close code', () => {
    expect(Object.keys(document.info['x-errors'])).toEqual(Object.keys(errors));
    expect(Object.keys(document.info['x-close-codes'])).toEqual(Object.keys(closeCodes));
  });
});
