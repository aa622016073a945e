/** HTTP's rules for a download: conditions and ranges (RFC 9110) and safe headers. Pure. */
import { create as dispositionOf } from 'content-disposition';
import type { StoredFile } from '../files/rules.ts';
import type { ByteRange } from '../objects/store.ts';

/**
 * A cached copy is revalidated before each use (304 without the bytes). The bytes of an id never change, but a deletion must reach the
 * caches too.
 */
export const CACHE_CONTROL = 'private, no-cache';

/** Nothing in a downloaded file may run, load or send anything, even when a browser opens the file's own URL. */
const CONTENT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

/** Headers of every answer with bytes that a user chose: the bytes can't run, and browsers don't guess another type. */
export const CONTENT_SAFETY = {
  'content-security-policy': CONTENT_POLICY,
  'x-content-type-options': 'nosniff',
} as const;

const INLINE = /^(image\/(jpeg|png|gif|webp)|application\/pdf|text\/plain)$/;

const isInline = (contentType: string): boolean => INLINE.test(contentType);

export const etagOf = ({ sha256 }: Pick<StoredFile, 'sha256'>): string => `"${sha256}"`;

/** The value of the `Last-Modified` header. HTTP dates have no milliseconds. */
const lastModifiedOf = ({ createdAt }: Pick<StoredFile, 'createdAt'>): string => createdAt.toUTCString();

/** The headers of every answer about a file's bytes, 304 included. */
export const cacheHeaders = (file: StoredFile): Record<string, string> => ({
  etag: etagOf(file),
  'last-modified': lastModifiedOf(file),
  'cache-control': CACHE_CONTROL,
});

/** 8-bit text has no charset, so that the browser guesses its code page. */
const typeOf = ({ contentType, charset }: StoredFile): string =>
  contentType.startsWith('text/') && charset !== '8-bit'
    ? `${contentType}; charset=${charset ?? 'utf-8'}`
    : contentType;

export const contentHeaders = (file: StoredFile): Record<string, string> => ({
  ...cacheHeaders(file),
  'accept-ranges': 'bytes',
  'content-type': typeOf(file),
  'content-disposition': dispositionOf(file.originalName, {
    type: isInline(file.contentType) ? 'inline' : 'attachment',
  }),
  ...CONTENT_SAFETY,
});

const opaque = (etag: string): string => etag.trim().replace(/^W\//, '');

/** Whether `If-None-Match` names this content; undefined without that header. */
export const etagMatches = (headers: Headers, etag: string): boolean | undefined => {
  const known = headers.get('if-none-match');
  if (known === null) return undefined;
  return known.trim() === '*' || known.split(',').some((one) => opaque(one) === etag);
};

/** Whether the client's cached copy is current, so that the answer is 304. `If-None-Match` takes precedence over `If-Modified-Since`. */
export const isNotModified = (headers: Headers, file: Pick<StoredFile, 'sha256' | 'createdAt'>): boolean => {
  const isKnown = etagMatches(headers, etagOf(file));
  if (isKnown !== undefined) return isKnown;
  const since = Date.parse(headers.get('if-modified-since') ?? '');
  return since >= Date.parse(lastModifiedOf(file));
};

/** Whether the range may be served: `If-Range` is absent, or names exactly this content. */
const holdsIfRange = (headers: Headers, file: Pick<StoredFile, 'sha256' | 'createdAt'>): boolean => {
  const condition = headers.get('if-range')?.trim();
  return condition === undefined || condition === etagOf(file) || condition === lastModifiedOf(file);
};

/**
 * The range that a request asks for. Undefined: the whole file (no range, several, an invalid one, another unit, or a failed `If-Range`).
 * `unsatisfiable`: it begins after the end of the file.
 */
export const rangeOf = (
  headers: Headers,
  file: Pick<StoredFile, 'sha256' | 'createdAt' | 'sizeBytes'>,
): ByteRange | 'unsatisfiable' | undefined => {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(headers.get('range') ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '' || !holdsIfRange(headers, file))
    return undefined;
  const size = file.sizeBytes;
  if (first === '')
    return Number(last) === 0 ? 'unsatisfiable' : { start: Math.max(size - Number(last), 0), end: size };
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) return undefined;
  return start < size ? { start, end } : 'unsatisfiable';
};
