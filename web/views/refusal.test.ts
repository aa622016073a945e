import { expect, test } from 'bun:test';
import { refusalInWords } from './refusal.ts';

test('a refusal names no form field, and has readable sizes', () => {
  expect(refusalInWords('file: it is larger than 10485760 bytes, the most that is taken')).toBe(
    'It is larger than 10 MB, the most that is taken',
  );
  expect(refusalInWords('The file store is away for a moment; try again')).toBe(
    'The file store is away for a moment; try again',
  );
});
