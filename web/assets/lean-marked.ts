/**
 * A build plugin that keeps only marked's lexer. The module ends with an instance of the whole parser, a side effect that a bundler has to
 * keep. Rules that the page doesn't use are cut out as well. The version is pinned; the build fails if another one is laid out differently.
 */
import type { BunPlugin } from 'bun';

/** Captures the code before that instance, and the list of exports. */
const MODULE = /^(.*)var \w+=new \w+;function .*export\{([^}]*)\};/s;

/** Replaces the lexer's choice of rules by a fixed one: GFM with line breaks. */
const LEXER_RULES = 'this.tokenizer.rules={other:O,block:tt,inline:qt}}lex(e){e=';

/**
 * Patterns to cut, each from the start of a piece to the code after it, and their replacement. Cut are the rules that
 * `chat/markup/marks.ts` switches off, the rules that GFM's own replace, and extensions. `q` is the module's rule that never matches.
 */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  // Options that are never set.
  [/function G\(\)\{.*?var q=/s, 'var S={},q='],
  // Rules for blocks.
  [/outputLinkReplace:.*?,indentCode/s, 'indentCode'],
  [/startATag:.*?,startAngle/s, 'startAngle'],
  [/pedanticHrefTitle:.*?,unicodeAlpha/s, 'unicodeAlpha'],
  [/numericCharacterReference:.*?,caret:/s, 'caret:'],
  [/blockquoteStart:.*?,nestedBlockMarker/s, 'nestedBlockMarker'],
  [/percentDecode:.*?,findPipe:/s, 'findPipe:'],
  [/pedanticHeadingBeginRegex:.*?,htmlBegin/s, 'htmlBegin'],
  [/,he=".*?,de=/s, ',J=/(?!)/,Le=q,We=q,de='],
  [/,Ke=g\(.*?,Xe=/s, ',Ke=q,Xe='],
  [/,Ve=g\(.*?,Ce=/s, ',Ve=q,Ce='],
  [/,Ce=l=>.*?,fe=/s, ',Je=q,et=q,fe='],
  [/,nt=\{\.\.\.fe,.*?\},rt=/s, ',rt='],
  [/htmlBeginRegex:.*?,blockquoteBegin/s, 'blockquoteBegin'],
  // Rules within a line.
  [/,Ie=\/.*?,L=/s, ',Ie=q,it=q,L='],
  [/,\$t=g\(.*?,Me=/s, ',Lt=q,Me='],
  [/,br:g\(Ie\).*?,text:/s, ',text:'],
  [/,at=\/.*?,Ae=/s, ',Ae='],
  [/,ct=g\(.*?,ht=/s, ',ct=q,ht='],
  [/,dt=\/.*?,ze=/s, ',ze='],
  [/,kt=g\(.*?,ft=/s, ',kt=q,ft='],
  [/,mt=".*?,bt=/s, ',bt='],
  [/,Rt=".*?,Ot=/s, ',Ot='],
  [/,It=g\(.*?,Se=/s, ',It=q,At=q,zt=q,Se='],
  [/,Dt=\{\.\.\.me,.*?\},pe=/s, ',pe='],
  [/,del:\/.*?,text:/s, ',text:'],
  [/,ee=\{normal:fe,.*?pedantic:Dt\};/s, ';'],
  // The tokenizer's methods for those rules.
  [/\}html\(e\)\{.*?\}table\(e\)\{/s, '}table(e){'],
  [/\}blockquote\(e\)\{.*?\}list\(e\)\{/s, '}list(e){'],
  [/\}lheading\(e\)\{.*?\}paragraph\(e\)\{/s, '}paragraph(e){'],
  [/\}tag\(e\)\{.*?\}link\(e\)\{/s, '}link(e){'],
  [/\}reflink\(e,t\)\{.*?\}emStrong\(/s, '}emStrong('],
  [/\}br\(e\)\{.*?\}del\(/s, '}del('],
  [/\}inlineText\(e\)\{.*?escaped:n\}\}\}\};/s, '}};'],
  // The lexer's calls of those methods.
  [/let t=\{other:O,.*?this\.tokenizer\.rules=t\}static .*?lex\(e\)\{e=/s, LEXER_RULES],
  [/if\(this\.options\.extensions\?\.block\?\..*?if\(a=this\.tokenizer\.space/s, 'if(a=this.tokenizer.space'],
  [/if\(a=this\.tokenizer\.html\(.*?if\(a=this\.tokenizer\.table\(/s, 'if(a=this.tokenizer.table('],
  [/if\(a=this\.tokenizer\.lheading\(.*?let c=e;.*?if\(this\.state\.top/s, 'let c=e;if(this.state.top'],
  [/i=this\.options\.gfm&&.*?=== ?_\.prototype\.paragraph/s, 'i=!0'],
  [/r=n\|\|this\.options\.hooks.*?:e;/s, 'r=this.#r(e);'],
  [/,t=this\.options\.hooks\?.*?\?\?t,t\}/s, ',t}'],
  [/if\(this\.options\.silent\)console\.error\(t\);else throw/, 'throw'],
  [/linkInText\(e\)\{.*?\}inlineTokens\(/s, 'inlineTokens('],
  [/if\(i=this\.tokenizer\.tag\(.*?if\(i=this\.tokenizer\.link\(/s, 'if(i=this.tokenizer.link('],
  [/if\(i=this\.tokenizer\.reflink\(.*?continue\}/s, ''],
  [/if\(this\.tokens\.links&&.*?return t=/s, 'return t='],
];

const leaveOut = (source: string): string =>
  LEFT_OUT.reduce((lean, [known, left]) => {
    if (!known.test(lean)) throw new Error(`marked has no ${known.source} where its pinned version has it`);
    return lean.replace(known, () => left);
  }, source).replaceAll('this.options.pedantic', '!1');

/** @throws when the module is laid out differently */
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
