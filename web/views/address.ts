/** Addresses in messages: which ones become links, and to which host they lead. Parsed as browsers do (WHATWG URL). Pure. */

export interface Address {
  /** Normalized by the URL parser, so that the browser follows exactly what was checked. */
  readonly href: string;
  /** The host of another site; undefined for this site and for mail. */
  readonly host?: string;
}

const MAX_CHARACTERS = 4_000;
/** A base to resolve paths of this site against. */
const HERE = 'https://here.invalid';
/** A path of this site. Excludes what browsers would rewrite: a backslash counts as a slash, tabs and line breaks are dropped. */
const OWN_PATH = /^\/(?![/\\])[^\\\p{Cc}\s]*$/u;
const ABSOLUTE = /^https?:\/\/[^\\\p{Cc}\s]+$/iu;
/** A single mailbox. A query or an encoded character could fill in further recipients, a subject and a text. */
const MAILBOX = /^mailto:[^\s?&%,;:@\p{Cc}]+@[^\s?&%,;:@\p{Cc}]+$/iu;

/** @returns undefined when it must not become a link */
export const addressOf = (given: string): Address | undefined => {
  if (given.length > MAX_CHARACTERS || !URL.canParse(given, HERE)) return undefined;
  if (MAILBOX.test(given)) return { href: given };
  const { origin, protocol, host, username, password, href, pathname, search, hash } = new URL(given, HERE);
  if (OWN_PATH.test(given)) {
    // `/.//evil.example` has the path `//evil.example`, which as an `href` leads to another host.
    return origin === HERE && !pathname.startsWith('//') ? { href: pathname + search + hash } : undefined;
  }
  const isWeb = protocol === 'http:' || protocol === 'https:';
  // `https://bank.example@evil.example` looks like an address of the bank.
  if (!ABSOLUTE.test(given) || !isWeb || username !== '' || password !== '') return undefined;
  return { href, host };
};

/**
 * Text in a label that a reader takes for an address: a host after a scheme, a domain name, an IPv4 address, `localhost`. The bounded
 * repetitions keep the search linear; unbounded ones would take quadratic time in the label's length.
 */
const LIKE_ADDRESS =
  /(?:https?:\/\/(?:[^\s/?#]{0,99}@)?([\p{L}\p{M}\p{N}.-]+)|((?:[\p{L}\p{M}\p{N}-]{1,63}\.){1,9}\p{L}[\p{L}\p{M}\p{N}-]{1,62}|\d{1,3}(?:\.\d{1,3}){3}|\blocalhost\b))(?:[:/?#]\S*)?/giu;
/** Characters that browsers or readers take for a dot. */
const DOTS = /[。．｡․]/g;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Letters that look like Latin ones: mixed with Latin letters they imitate a name. */
const LOOKALIKE = /[\u0131\u0180-\u02af\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

const bareHost = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/:\d+$/, '');

const hostOf = (name: string): string =>
  URL.canParse(`https://${name}`) ? bareHost(new URL(`https://${name}`).host) : name;

/** The host names that a reader sees in a label. */
const hostsIn = (label: string): string[] =>
  Array.from(
    label.replace(INVISIBLE, '').replace(DOTS, '.').normalize('NFKC').matchAll(LIKE_ADDRESS),
    ([, named, alone = '']) => (named ?? alone).replace(/[.-]+$/, ''),
  );

/** Whether a link's label names another host than the link's, or imitates it by letters that look alike. */
export const isMisleading = (label: string, host: string): boolean =>
  hostsIn(label).some((name) => hostOf(name) !== bareHost(host) || (LOOKALIKE.test(name) && /[a-z]/i.test(name)));

/** The true target, to be shown behind a label that names a different one; undefined for an honest label. */
export const truthBeside = (label: string, { href, host }: Address): string | undefined => {
  if (host !== undefined) return isMisleading(label, host) ? host : undefined;
  const target = href.replace(/^mailto:/i, '');
  return hostsIn(label).length > 0 && !label.includes(target) ? target : undefined;
};
