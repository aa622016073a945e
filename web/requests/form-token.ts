/** Rejects forms that another site made a browser send: by the browser's own headers, and by a token that only this site's pages have. */
import { timingSafeEqual } from 'node:crypto';
import { errors } from '@parley/kit/errors/errors';
import { Failure } from '@parley/kit/errors/failure';
import { isSentByOtherSite, sourceOf } from '@parley/kit/http/origins';
import { findCookie } from '@parley/kit/identity/cookies';
import { t } from 'elysia';
import { FORM_COOKIE } from './visit.ts';

/** The field that every form carries. */
export const formTokenField = { form_token: t.Optional(t.String({ maxLength: 64 })) };

const REFUSED = 'This form was not sent from Parley, or the page is too old: go back, reload it, and try again';

const isSame = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b);
};

const NO_OTHER_ORIGINS = { named: new Set<string>() };

/** True unless a page of this origin sent the request, or a program that isn't a browser. */
const isFromElsewhere = (headers: Headers): boolean =>
  isSentByOtherSite(headers) || !['own', 'tool'].includes(sourceOf(headers, NO_OTHER_ORIGINS));

/** @throws {Failure} `forbidden` */
export const requireOwnForm = (headers: Headers, token: string | undefined): void => {
  const cookie = findCookie(headers, FORM_COOKIE)?.value ?? '';
  if (isFromElsewhere(headers) || !isSame(cookie, token ?? '')) throw new Failure(errors.forbidden, REFUSED);
};
