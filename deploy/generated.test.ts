import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { generatedFiles } from './generated.ts';

test.each(Object.entries(generatedFiles()))(
  '%s is as the code has it: bun run docs writes it anew',
  async (path, text) => {
    expect(text.toLowerCase()).toContain('chat');
    expect(await Bun.file(join(import.meta.dir, '..', path)).text()).toBe(text);
  },
);
