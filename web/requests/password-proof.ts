/**
 * A fresh proof that a person sees a form: for what a page must not do that somebody else's markup got into. Such a page may read what
 * it fetches, and every form's token with it. So a form that counts is handed only to a visit, a navigation of the browser's, whose
 * answer no page can read; it is taken only from a visit; and its proof holds for minutes, for that session and that form alone. A
 * guest has no password that could be asked for instead.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Guest } from './visit.ts';

export const PROOF_LIFETIME_MS = 10 * 60_000;

const PURPOSE = 'set a password';

/**
 * Whether a request is a visit of a whole page. Browsers say so in headers that no script can set, but not over plain HTTP from
 * elsewhere than this machine: there it is only sure that htmx didn't send it.
 */
export const isVisit = (headers: Headers): boolean => {
  if ([...headers.keys()].some((name) => name.startsWith('hx-'))) return false;
  const mode = headers.get('sec-fetch-mode');
  return mode === null || (mode === 'navigate' && headers.get('sec-fetch-dest') === 'document');
};

type Bearer = Pick<Guest, 'formToken'> & { readonly session: Pick<Guest['session'], 'token'> };

/** Keyed by what only this browser and we have: the session's token is in a cookie that scripts can't read. */
const signatureOf = ({ formToken, session }: Bearer, expiresAt: string): Buffer =>
  createHmac('sha256', session.token).update(`${PURPOSE}\n${formToken}\n${expiresAt}`).digest();

/** @param nowMs ms since 1970 */
export const issueProof = (guest: Bearer, nowMs = Date.now()): string => {
  const expiresAt = String(nowMs + PROOF_LIFETIME_MS);
  return `${expiresAt}.${signatureOf(guest, expiresAt).toString('base64url')}`;
};

/** Whether a proof is of this session, and not too old. @param nowMs ms since 1970 */
export const isProof = (proof: string | undefined, guest: Bearer, nowMs = Date.now()): boolean => {
  const [expiresAt = '', signature = ''] = (proof ?? '').split('.');
  const given = Buffer.from(signature, 'base64url');
  const wanted = signatureOf(guest, expiresAt);
  return given.length === wanted.length && timingSafeEqual(given, wanted) && Number(expiresAt) > nowMs;
};
