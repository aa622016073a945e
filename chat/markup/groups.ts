/** The tokens inside a token. Pure. */
import type { Token, Tokens } from 'marked';

/** The tokens inside a token, in groups that are shown apart: a group per item of a list, a group per cell of a table. */
export const groupsOf = (token: Token): Token[][] => {
  if (token.type === 'list') return (token as Tokens.List).items.map(({ tokens }) => tokens);
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].flat().map(({ tokens }) => tokens);
  }
  const { tokens } = token as Tokens.Generic;
  return tokens ? [tokens] : [];
};
