/** The pages name files and folders of the tree. Each of them exists. */
import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workspaces } from '../package.json' with { type: 'json' };

const root = join(import.meta.dir, '..');
const folders = [...workspaces, 'bench', 'deploy', 'dev', 'docs', 'load-tests', 'patches', 'tests'];
const NAMED = new RegExp(`\`((?:${folders.join('|')})/[\\w./-]*)\``, 'g');
const LINKED = /\]\((?!https?:|mailto:|#)([^)#\s]+)/g;
/** Folders that a build or a load test creates. The pages name them, but a fresh checkout lacks them. */
const MADE_LATER = ['client/dist/', 'load-tests/results/'];

const pages = ['README.md', 'CONTRIBUTING.md', 'client/README.md', ...new Bun.Glob('docs/**/*.md').scanSync(root)];

test.each(pages)('%s', async (page) => {
  const text = await Bun.file(join(root, page)).text();
  const named = [...text.matchAll(NAMED)]
    .map(([, path = '']) => path)
    .filter((path) => !MADE_LATER.some((made) => path.startsWith(made)));
  const linked = [...text.matchAll(LINKED)].map(([, path = '']) => join(dirname(page), path));
  expect([...named, ...linked].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('the pages name and link to files', () => {
  expect([...'see `chat/app.ts`, [a page](docs/protocol.md#frames)'.matchAll(NAMED)]).toHaveLength(1);
  expect([...'see `chat/app.ts`, [a page](docs/protocol.md#frames)'.matchAll(LINKED)].map(([, path]) => path)).toEqual([
    'docs/protocol.md',
  ]);
});
