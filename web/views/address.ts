/** Addresses in messages: which may be followed, and where they really lead. Judged as browsers read them (WHATWG URL). Pure. */

export interface Address {
  /** As the browser reads it: what was judged is what is followed. */
  readonly href: string;
  /** The host it leads to; undefined within this site and for mail. */
  readonly host?: string;
}

const MAX_CHARACTERS = 4_000;
/** Stands for this site. */
const HERE = 'https://here.invalid';
/** A path of this site: browsers take a backslash for a slash, and drop tabs and line breaks. */
const OWN_PATH = /^\/(?![/\\])[^\\\p{Cc}\s]*$/u;
const ABSOLUTE = /^https?:\/\/[^\\\p{Cc}\s]+$/iu;
/** One mailbox alone: what may follow it, or stand in it encoded, fills in a letter's subject, copies and text. */
const MAILBOX = /^mailto:[^\s?&%,;:@\p{Cc}]+@[^\s?&%,;:@\p{Cc}]+$/iu;

/** @returns undefined for what must not be followed */
export const addressOf = (given: string): Address | undefined => {
  if (given.length > MAX_CHARACTERS || !URL.canParse(given, HERE)) return undefined;
  if (MAILBOX.test(given)) return { href: given };
  const { origin, protocol, host, username, password, href, pathname, search, hash } = new URL(given, HERE);
  if (OWN_PATH.test(given)) {
    // The path of `/.//evil.example` is `//evil.example`, which alone is another host.
    return origin === HERE && !pathname.startsWith('//') ? { href: pathname + search + hash } : undefined;
  }
  const isWeb = protocol === 'http:' || protocol === 'https:';
  // `https://bank.example@evil.example` reads like the bank's.
  if (!ABSOLUTE.test(given) || !isWeb || username !== '' || password !== '') return undefined;
  return { href, host };
};

/**
 * What reads like an address in a label: what follows a scheme, a name with a dot and a top-level domain, a number, this machine. The
 * counts bound the search: without them it takes the square of the label's length.
 */
const LIKE_ADDRESS =
  /(?:https?:\/\/(?:[^\s/?#]{0,99}@)?([\p{L}\p{M}\p{N}.-]+)|((?:[\p{L}\p{M}\p{N}-]{1,63}\.){1,9}\p{L}[\p{L}\p{M}\p{N}-]{1,62}|\d{1,3}(?:\.\d{1,3}){3}|\blocalhost\b))(?:[:/?#]\S*)?/giu;
/** Looks like a dot, and is one to browsers or to a reader. */
const DOTS = /[。．｡․]/g;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Letters that look like Latin ones, which matters beside those. */
const LOOKALIKE = /[\u0131\u0180-\u02af\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

const bareHost = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/:\d+$/, '');

const hostOf = (name: string): string =>
  URL.canParse(`https://${name}`) ? bareHost(new URL(`https://${name}`).host) : name;

/** What a reader takes for hosts in a label. */
const hostsIn = (label: string): string[] =>
  Array.from(
    label.replace(INVISIBLE, '').replace(DOTS, '.').normalize('NFKC').matchAll(LIKE_ADDRESS),
    ([, named, alone = '']) => (named ?? alone).replace(/[.-]+$/, ''),
  );

/**
 * Whether a link's label names another host than it leads to, or the same by letters that look like others: then the reader is shown
 * the true one.
 */
export const isMisleading = (label: string, host: string): boolean =>
  hostsIn(label).some((name) => hostOf(name) !== bareHost(host) || (LOOKALIKE.test(name) && /[a-z]/i.test(name)));

/** What a link's label should be followed by, where it names something else than the link leads to. */
export const truthBeside = (label: string, { href, host }: Address): string | undefined => {
  if (host !== undefined) return isMisleading(label, host) ? host : undefined;
  const place = href.replace(/^mailto:/i, '');
  return hostsIn(label).length > 0 && !label.includes(place) ? place : undefined;
};
