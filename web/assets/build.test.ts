import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeRules } from '@parley/chat/markup/marks';
import { Lexer } from 'marked';
import { brotliQuality, buildAssets } from './build.ts';
import { readAssets, writeAssets } from './folder.ts';
import { onlyLexer } from './lean-marked.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-assets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MAX_FIRST_LOAD_BYTES = 60_000;
const MAX_TOTAL_BYTES = 61_000;
const assets = await buildAssets(brotliQuality.start);

const packedBytes = (names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + (assets.files.get(name)?.gzip.length ?? Number.NaN), 0);

test('the script and the styles of a page take at most 60 KB compressed, and 61 KB with what is loaded later', () => {
  expect(packedBytes([assets.script, assets.style])).toBeLessThanOrEqual(MAX_FIRST_LOAD_BYTES);
  expect(assets.files.size).toBeGreaterThan(2);
  expect(packedBytes(assets.files.keys())).toBeLessThanOrEqual(MAX_TOTAL_BYTES);
});

test('only marked’s lexer is bundled, and it finds the same tokens as the whole module', async () => {
  const path = Bun.fileURLToPath(import.meta.resolve('marked'));
  const source = onlyLexer(await Bun.file(path).text());
  const lean = join(folder, 'marked.js');
  await Bun.write(lean, source);
  const text = '**a** _b_ `c`\n\n> d\n\n1. e\n2. f\n\n```js\ng\n```\n\n[i](https://j.example) | k |';
  const module = (await import(lean)) as typeof import('marked');
  expect(Object.keys(module)).toEqual(['Lexer']);
  const lex = (Lexing: typeof Lexer) => {
    const lexer = new Lexing({ gfm: true, breaks: true });
    const { tokenizer } = lexer.options;
    if (!tokenizer) throw new Error('The lexer has no rules');
    Object.assign(lexer.tokens, { links: undefined });
    changeRules(tokenizer, { spend: () => undefined, spent: 0 });
    return lexer.lex(text);
  };
  expect(lex(module.Lexer)).toEqual(lex(Lexer));
  expect(lex(Lexer).map(({ type }) => type)).toContain('blockquote');
  expect(() => onlyLexer('export{x as Lexer};')).toThrow('marked ends otherwise');
});

test('names depend on the content: the same sources give the same names', async () => {
  expect([...(await buildAssets(brotliQuality.start)).files.keys()]).toEqual([...assets.files.keys()]);
  for (const name of assets.files.keys()) expect(name).toMatch(/^(main|app|worker|chunk)-[0-9a-z]{8}\.(js|css)$/);
});

test('a folder that was written is read as the same assets', async () => {
  await writeAssets(assets, folder);
  const read = await readAssets(folder);
  expect({ ...read, files: [...read.files.keys()].sort() }).toEqual({
    ...assets,
    files: [...assets.files.keys()].sort(),
  });
  const [mine, theirs] = [read.files.get(assets.script), assets.files.get(assets.script)];
  expect(mine?.type).toBe('text/javascript; charset=utf-8');
  expect(Bun.gunzipSync(mine?.gzip ?? new Uint8Array())).toEqual(theirs?.plain ?? new Uint8Array());
});

test('the scripts run no code from text', () => {
  const script = new TextDecoder().decode(assets.files.get(assets.script)?.plain);
  expect(script).toContain('createPolicy');
  // htmx refers to the function constructors; the page's policy replaces them before htmx could use them.
  expect(script).not.toMatch(/[^\w.$]eval\(/);
});
