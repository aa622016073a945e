/**
 * marked without what the page never uses, a fifth of it. Only its lexer is imported, but its module ends by making an instance of the
 * whole parser, which a bundler may not leave out by itself. The version is pinned; one that ends otherwise ends the build.
 */
import type { BunPlugin } from 'bun';

/** What stands before the instance, and what is exported after it. */
const MODULE = /^(.*)var \w+=new \w+;function .*export\{([^}]*)\};/s;

/** @throws when the module isn't laid out as known */
export const onlyLexer = (source: string): string => {
  const [, beginning, exports = ''] = MODULE.exec(source) ?? [];
  const lexer = /(\w+) as Lexer\b/.exec(exports)?.[1];
  if (!beginning || !lexer) throw new Error('marked ends otherwise than its pinned version: look at what it exports');
  return `${beginning}export{${lexer} as Lexer};`;
};

export const leanMarked: BunPlugin = {
  name: 'lean-marked',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]marked\.esm\.js$/ }, async ({ path }) => ({
      contents: onlyLexer(await Bun.file(path).text()),
      loader: 'js',
    }));
  },
};
