import { expect, test } from 'bun:test';
import { leanPage, leanSocket } from './lean-htmx.ts';

const read = (module: string): Promise<string> => Bun.file(Bun.fileURLToPath(import.meta.resolve(module))).text();

test('what the page never uses of htmx leaves the bundle, and a socket’s frame can’t be swapped', async () => {
  const page = leanPage(await read('htmx.org/dist/htmx.esm.js'));
  const socket = leanSocket(await read('htmx.org/dist/ext/hx-ws.js'));
  expect(page).not.toContain('[hx-swap-oob]');
  expect(page).not.toContain('[hx-preserve]');
  expect(socket).not.toContain('htmx.swap(');
  expect(socket).toContain('htmx:ws:before:message:incoming');
});

test('a module that is laid out otherwise ends the build', () => {
  expect(() => leanPage('export default {};')).toThrow('htmx has no');
  expect(() => leanSocket('export default {};')).toThrow('htmx swaps frames otherwise');
});
