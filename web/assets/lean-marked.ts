/**
 * marked without what the page never uses, a fifth of it. Only its lexer is imported, but its module ends by making an instance of the
 * whole parser, which a bundler may not leave out by itself. The version is pinned; one that ends otherwise ends the build.
 */
import type { BunPlugin } from 'bun';

/** What stands before the instance, and what is exported after it. */
const MODULE = /^(.*)var \w+=new \w+;function .*export\{([^}]*)\};/s;

/**
 * Rules that the page's own ones switch off (`chat/markup/marks.ts`): from where they begin to what follows them, and what is left. `q` is
 * the module's rule that finds nothing.
 */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/\}html\(e\)\{.*?\}table\(e\)\{/s, '}html(e){}def(e){}table(e){'],
  [/\}lheading\(e\)\{.*?\}paragraph\(e\)\{/s, '}lheading(e){}paragraph(e){'],
  [/\}tag\(e\)\{.*?\}link\(e\)\{/s, '}tag(e){}link(e){'],
  [/\}reflink\(e,t\)\{.*?\}emStrong\(/s, '}reflink(e,t){}emStrong('],
  [/,Ve=g\(.*?,Ce=/s, ',Ve=q,Ce='],
  [/,Ke=g\(.*?,Xe=/s, ',Ke=q,Xe='],
  [/,nt=\{\.\.\.fe,.*?\},rt=/s, ',nt=fe,rt='],
  [/,It=g\(.*?,Se=/s, ',It=q,At=q,zt=q,Se='],
  [/,Dt=\{\.\.\.me,.*?\},pe=/s, ',Dt=me,pe='],
];

const leaveOut = (source: string): string =>
  LEFT_OUT.reduce((lean, [known, left]) => {
    if (!known.test(lean)) throw new Error(`marked has no ${known.source} where its pinned version has it`);
    return lean.replace(known, () => left);
  }, source);

/** @throws when the module isn't laid out as known */
export const onlyLexer = (source: string): string => {
  const [, beginning, exports = ''] = MODULE.exec(source) ?? [];
  const lexer = /(\w+) as Lexer\b/.exec(exports)?.[1];
  if (!beginning || !lexer) throw new Error('marked ends otherwise than its pinned version: look at what it exports');
  return leaveOut(`${beginning}export{${lexer} as Lexer};`);
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
