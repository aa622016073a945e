/**
 * The ends of addresses in a text. Punctuation at the end of an address belongs to the sentence around it, in any script, as ASCII
 * punctuation does in the library. A host has no such punctuation, so an address also ends at the first one in its host. Pure.
 */
import { type Budget, TOKEN_COST } from './budget.ts';
import type { Rules } from './emphasis.ts';

/** The longest link that is looked for, in UTF-16 code units. */
const MAX_LINK = 4_000;
/** The longest mail address (RFC 5321, 4.5.3), with some space for the text around it. */
const MAX_MAILBOX = 320;
/** How many characters at the end of an address are checked for punctuation, in code points. */
const MAX_TRAILING = 64;

const ADDRESS = /^(https?:|ftp:|www\.)/i;
/** An address up to a space: scheme and host, then the rest. */
const PARTS = /^((?:[a-z]+:\/\/)?[^\s<>/?#]*)([^\s<]*)/i;
/** Characters that end an address though no space follows. */
const AFTER_ADDRESS = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—]/;
const ENDS_HOST = /(?!\p{ASCII})[\p{Terminal_Punctuation}\p{Ps}\p{Pe}\p{Pi}\p{Pf}]/u;
const FOREIGN_PUNCTUATION = /(?!\p{ASCII})\p{P}/u;
const PUNCTUATION = /[!"'()*,.:;?\]_~]/;

const upTo = (text: string, end: RegExp): string => {
  const at = text.search(end);
  return at === -1 ? text : text.slice(0, at);
};

/** Cuts punctuation outside ASCII at the end, with all punctuation behind it. Plain ASCII punctuation at the end is left to the library. */
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

/** The address that a text begins with. @param window the text */
const addressIn = (window: string): string => {
  const [whole = '', host = ''] = PARTS.exec(upTo(window, AFTER_ADDRESS)) ?? [];
  const bareHost = upTo(host, ENDS_HOST);
  return bareHost === host ? withoutTrailing(whole) : bareHost;
};

/** @param budget throws when it is exceeded */
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
