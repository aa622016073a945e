/** What is within a token. Pure. */
import type { Token, Tokens } from 'marked';

/** The tokens within a token, in groups that are lines of their own: per item of a list, per cell of a table. */
export const groupsOf = (token: Token): Token[][] => {
  if (token.type === 'list') return (token as Tokens.List).items.map(({ tokens }) => tokens);
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].flat().map(({ tokens }) => tokens);
  }
  const { tokens } = token as Tokens.Generic;
  return tokens ? [tokens] : [];
};
