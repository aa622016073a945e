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
/** A mailbox alone: what may follow it fills in a letter's subject, copies and text. */
const MAILBOX = /^mailto:[^\s?&\p{Cc}]+$/iu;

/** @returns undefined for what must not be followed */
export const addressOf = (given: string): Address | undefined => {
  if (given.length > MAX_CHARACTERS || !URL.canParse(given, HERE)) return undefined;
  if (MAILBOX.test(given)) return { href: given };
  const { origin, protocol, host, username, password, href, pathname, search, hash } = new URL(given, HERE);
  if (OWN_PATH.test(given)) return origin === HERE ? { href: pathname + search + hash } : undefined;
  const isWeb = protocol === 'http:' || protocol === 'https:';
  // `https://bank.example@evil.example` reads like the bank's.
  if (!ABSOLUTE.test(given) || !isWeb || username !== '' || password !== '') return undefined;
  return { href, host };
};

/** What reads like an address in a label: a scheme, or a name with a dot and a top-level domain. */
const LIKE_ADDRESS = /(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})(?::\d+)?/giu;

const bareHost = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/:\d+$/, '');

const hostOf = (name: string): string =>
  URL.canParse(`https://${name}`) ? bareHost(new URL(`https://${name}`).host) : name;

/** Whether a link's label names another host than it leads to: then the reader is shown the true one. */
export const isMisleading = (label: string, host: string): boolean =>
  [...label.matchAll(LIKE_ADDRESS)].some(([, name = '']) => hostOf(name) !== bareHost(host));
