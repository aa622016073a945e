/** Files to attach, and the rows of uploads in progress. */
import type { Person } from './people.ts';

export const textFile = (name: string, bytes = 20) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.alloc(bytes, 'some words '),
});

export const rowOf = ({ page }: Person, name: string) => page.locator('#uploads li', { hasText: name });

export const attach = ({ page }: Person, ...files: ReturnType<typeof textFile>[]): Promise<void> =>
  page.locator('#files').setInputFiles(files);
