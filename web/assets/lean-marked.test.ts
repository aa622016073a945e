import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeRules } from '@parley/chat/markup/marks';
import { spoilers } from '@parley/chat/markup/spoilers';
import fc from 'fast-check';
import { Lexer } from 'marked';
import { onlyLexer } from './lean-marked.ts';

const lex = (Lexing: typeof Lexer, text: string): string => {
  const lexer = new Lexing({
    ...{ gfm: true, breaks: true },
    extensions: {
      ...{ renderers: {}, childTokens: { spoiler: ['tokens'] } },
      ...{ inline: [spoilers.tokenizer], startInline: [spoilers.start] },
    },
  } as ConstructorParameters<typeof Lexer>[0]);
  Object.assign(lexer.tokens, { links: undefined });
  const { tokenizer } = lexer.options;
  if (!tokenizer) throw new Error('The lexer has no rules');
  changeRules(tokenizer, { spend: () => undefined, spent: 0 });
  return JSON.stringify(lexer.lex(text));
};

test('the browser’s lexer gives the same tokens as the server’s', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-lexer-'));
  try {
    const file = join(folder, 'lean.mjs');
    const whole = new URL(import.meta.resolve('marked')).pathname;
    writeFileSync(file, onlyLexer(await Bun.file(whole).text()));
    const { Lexer: Lean } = (await import(file)) as { Lexer: typeof Lexer };
    const piece = fc.constantFrom(
      ...[
        '<div>',
        '</b>',
        '<!--',
        '[a]',
        '[x]: y',
        '](b)',
        '![',
        '**',
        '*',
        '_',
        '~~',
        '~',
        '`',
        '```\n',
        '\n',
        '\n\n',
        '- ',
        '1. ',
      ],
      ...[
        '> ',
        '# ',
        '===',
        '---',
        '|',
        '|-|-|\n',
        '||',
        '\\',
        '<https://a.example>',
        'https://a.example',
        'a@b.example',
        'word',
        ' ',
        '：',
        ...['+ ', '1) ', '1986. ', '\\*', '&#42;', '।', '「', '  ', '\t', '/', '2', '* ', 'www.a.example'],
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30, size: 'max' }), (pieces) => {
        const text = pieces.join('');
        expect(lex(Lean, text)).toBe(lex(Lexer, text));
      }),
      { numRuns: 1_000 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
