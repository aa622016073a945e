/** Refuses forms that another site made a browser send: by the browser's own word, and by a token that only our pages have. */
import { timingSafeEqual } from 'node:crypto';
import { Failure } from '@parley/kit/errors/errors';
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

/** A form is sent by a page of this origin, or by a program. */
const comesFromElsewhere = (headers: Headers): boolean =>
  isSentByOtherSite(headers) || !['own', 'tool'].includes(sourceOf(headers, NONE_NAMED));

const NONE_NAMED = { named: new Set<string>() };

/** @throws {Failure} `forbidden` */
export const requireOwnForm = (headers: Headers, token: string | undefined): void => {
  const cookie = findCookie(headers, FORM_COOKIE)?.value ?? '';
  if (comesFromElsewhere(headers) || !isSame(cookie, token ?? '')) throw new Failure('forbidden', REFUSED);
};
