import { expect, test } from 'bun:test';
import { leanPage } from './lean-htmx.ts';

const read = (module: string): Promise<string> => Bun.file(Bun.fileURLToPath(import.meta.resolve(module))).text();

test('unused parts of htmx are not in the bundle', async () => {
  const page = leanPage(await read('htmx.org/dist/htmx.esm.js'));
  expect(page).not.toContain('[hx-swap-oob]');
  expect(page).not.toContain('[hx-preserve]');
  expect(page).not.toContain('IntersectionObserver');
  expect(page).not.toContain('new FunctionConstructor');
  expect(page).not.toContain("createElement('script')");
});

test('a module with another layout fails the build', () => {
  expect(() => leanPage('export default {};')).toThrow('htmx has no');
});
