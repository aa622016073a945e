/**
 * Addresses in a text: where they end. Punctuation of any script at an address's end belongs to the sentence around it, as ASCII's does;
 * so does all that follows one in a host, which has none. Pure.
 */
import { type Budget, TOKEN_COST } from './budget.ts';
import type { Rules } from './emphasis.ts';

/** Longer links aren't looked for. In UTF-16 code units. */
const MAX_LINK = 4_000;
/** The longest address of a mailbox (RFC 5321, 4.5.3), with room for what surrounds it. */
const MAX_MAILBOX = 320;
/** What may follow an address at its end is looked at no further. In code points. */
const MAX_TRAILING = 64;

const ADDRESS = /^(https?:|ftp:|www\.)/i;
/** An address with what follows it up to a space: scheme and host, and the rest. */
const PARTS = /^((?:[a-z]+:\/\/)?[^\s<>/?#]*)([^\s<]*)/i;
/** Where an address ends that the rest of the sentence follows without a space. */
const AFTER_ADDRESS = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—]/;
const ENDS_HOST = /(?!\p{ASCII})[\p{Terminal_Punctuation}\p{Ps}\p{Pe}\p{Pi}\p{Pf}]/u;
const FOREIGN_PUNCTUATION = /(?!\p{ASCII})\p{P}/u;
const PUNCTUATION = /[!"'()*,.:;?\]_~]/;

const upTo = (text: string, end: RegExp): string => {
  const at = text.search(end);
  return at === -1 ? text : text.slice(0, at);
};

/** Without what isn't ASCII at its end, and what stands behind that: ASCII alone is the library's to judge. */
const withoutTrailing = (address: string): string => {
  let end = address.length;
  let at = end;
  for (const character of Array.from(address.slice(-2 * MAX_TRAILING))
    .slice(-MAX_TRAILING)
    .reverse()) {
    at -= character.length;
    if (FOREIGN_PUNCTUATION.test(character)) end = at;
    else if (!PUNCTUATION.test(character)) break;
  }
  return address.slice(0, end);
};

/** @param window a text that begins with an address; what is left of it still does */
const addressIn = (window: string): string => {
  const [whole = '', host = ''] = PARTS.exec(upTo(window, AFTER_ADDRESS)) ?? [];
  const bareHost = upTo(host, ENDS_HOST);
  return bareHost === host ? withoutTrailing(whole) : bareHost;
};

/** @param budget throws when it is spent */
export const boundLinks = (rules: Rules, budget: Budget): void => {
  const link = rules.link.bind(rules);
  rules.link = (src) => {
    if (!/^!?\[/.test(src)) return undefined;
    const window = src.slice(0, MAX_LINK);
    const found = link(window);
    budget.spend(found ? TOKEN_COST : Math.max(window.indexOf(']'), TOKEN_COST));
    return found;
  };

  const url = rules.url.bind(rules);
  rules.url = (src) =>
    url(ADDRESS.test(src) ? addressIn(src.slice(0, MAX_LINK)) : upTo(src.slice(0, MAX_MAILBOX), AFTER_ADDRESS));
};
