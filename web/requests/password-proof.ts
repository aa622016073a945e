/**
 * Proves that a form which sets a password was opened by a person in the browser.
 *
 * The threat is injected markup or script in one of our pages: it can fetch other pages and read every form token in them. So the form is
 * rendered only for a navigation of the whole page, whose response no script can read; it is accepted only from a navigation; and its
 * proof is valid for minutes, for that session and that form only. (A user without an account has no old password to ask for instead.)
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { UserVisit } from './visit.ts';

export const PROOF_LIFETIME_MS = 10 * 60_000;

const PURPOSE = 'set a password';

/**
 * Whether the browser requested a whole page. It states so in `Sec-Fetch-*` headers, which no script can set but which browsers omit over
 * plain HTTP to another machine; without them it is only certain that htmx didn't send the request.
 */
export const isNavigation = (headers: Headers): boolean => {
  if ([...headers.keys()].some((name) => name.startsWith('hx-'))) return false;
  const mode = headers.get('sec-fetch-mode');
  return mode === null || (mode === 'navigate' && headers.get('sec-fetch-dest') === 'document');
};

type ProofHolder = Pick<UserVisit, 'formToken'> & { readonly session: Pick<UserVisit['session'], 'token'> };

/** Keyed by the session's token, which only the browser and this server have: its cookie can't be read by scripts. */
const signatureOf = ({ formToken, session }: ProofHolder, expiresAt: string): Buffer =>
  createHmac('sha256', session.token).update(`${PURPOSE}\n${formToken}\n${expiresAt}`).digest();

/** @param nowMs ms since 1970 */
export const issueProof = (visit: ProofHolder, nowMs = Date.now()): string => {
  const expiresAt = String(nowMs + PROOF_LIFETIME_MS);
  return `${expiresAt}.${signatureOf(visit, expiresAt).toString('base64url')}`;
};

/** Whether a proof was issued for this session and form, and hasn't expired. @param nowMs ms since 1970 */
export const isProof = (proof: string | undefined, visit: ProofHolder, nowMs = Date.now()): boolean => {
  const [expiresAt = '', signature = ''] = (proof ?? '').split('.');
  const given = Buffer.from(signature, 'base64url');
  const wanted = signatureOf(visit, expiresAt);
  return given.length === wanted.length && timingSafeEqual(given, wanted) && Number(expiresAt) > nowMs;
};
