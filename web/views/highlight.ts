/** Highlights code of common languages by its tokens: comments, strings, numbers, keywords, called functions. */
import { type Content, type Html, html } from './html.ts';

const KEYWORDS = new Set(
  `abstract and as async await begin bool boolean break case catch char class const continue def default defer del delete do
  double echo elif else elsif end enum except export extends extern false final finally float fn for foreach from func function
  go goto if impl implements import in include instanceof int interface is lambda let long loop match mod module mut namespace
  new nil none not null number object of or package pass private protected pub public raise readonly return select self short
  signed static string struct super switch then this throw trait true try type typeof undefined union unless unsafe unsigned
  until update use using val var virtual void where while with yield insert into values table create drop alter join on group
  order by having limit left right inner outer primary key set`.split(/\s+/),
);

const LINE_COMMENT_BY_HASH =
  /^(py|python|rb|ruby|sh|bash|shell|zsh|ya?ml|toml|ini|dockerfile|docker|makefile|make|r|perl|pl|conf|nginx)$/;
const LINE_COMMENT_BY_DASHES = /^(sql|lua|hs|haskell|elm|ada)$/;

const tokens = (lineComment: string): RegExp =>
  new RegExp(
    [
      `(?<comment>/\\*[\\s\\S]*?(?:\\*/|$)|<!--[\\s\\S]*?(?:-->|$)|${lineComment}[^\\n]*)`,
      '(?<string>"(?:[^"\\\\\\n]|\\\\.)*"?|\'(?:[^\'\\\\\\n]|\\\\.)*\'?|`(?:[^`\\\\]|\\\\[\\s\\S])*`?)',
      '(?<number>\\b(?:0[xob][\\da-fA-F_]+|\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?))',
      '(?<word>[A-Za-z_$][\\w$]*)(?<call>\\s*\\()?',
    ].join('|'),
    'g',
  );

const byHash = tokens('(?<![\\w$])#');
const byDashes = tokens('--');
const bySlashes = tokens('(?<!:)//');
const PLAIN = /^(text|txt|plain|log|output|md|markdown)$/;

const grammarOf = (language: string): RegExp | undefined => {
  if (PLAIN.test(language)) return undefined;
  if (LINE_COMMENT_BY_HASH.test(language)) return byHash;
  return LINE_COMMENT_BY_DASHES.test(language) ? byDashes : bySlashes;
};

const kindOf = ({ comment, string, number, word, call }: Record<string, string | undefined>): string | undefined => {
  if (comment !== undefined) return 'comment';
  if (string !== undefined) return 'string';
  if (number !== undefined) return 'number';
  if (KEYWORDS.has((word ?? '').toLowerCase())) return 'keyword';
  return call === undefined ? undefined : 'call';
};

/** @param language from the code fence, in lower case; unknown languages are read with C-like tokens */
export const highlight = (code: string, language: string): Html => {
  const grammar = grammarOf(language);
  if (!grammar) return html`${code}`;
  const parts: Content[] = [];
  let from = 0;
  for (const match of code.matchAll(grammar)) {
    const kind = kindOf(match.groups ?? {});
    if (!kind) continue;
    const text = match.groups?.word ?? match[0];
    parts.push(code.slice(from, match.index), html`<span class="hl-${kind}">${text}</span>`);
    from = match.index + text.length;
  }
  return html`${[...parts, code.slice(from)]}`;
};
