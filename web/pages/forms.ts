/** Refuses forms that another site made a browser send: by the browser's own word, and by a token that only our pages have. */
import { timingSafeEqual } from 'node:crypto';
import { Failure } from '@parley/kit/errors';
import { t } from 'elysia';
import { FORM_COOKIE } from './visit.ts';

/** The field that every form carries. */
export const formTokenField = { form_token: t.Optional(t.String({ maxLength: 64 })) };

const REFUSED = 'This form was not sent from Parley, or the page is too old: go back, reload it, and try again';

const isSame = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b);
};

/** The browser's own word on where a request comes from, where it gives one. */
const comesFromElsewhere = (headers: Headers): boolean => {
  const site = headers.get('sec-fetch-site');
  if (site) return site !== 'same-origin' && site !== 'none';
  const origin = headers.get('origin');
  if (!origin) return false;
  const host = headers.get('x-forwarded-host') ?? headers.get('host');
  return !URL.canParse(origin) || new URL(origin).host !== host;
};

/** @throws {Failure} `forbidden` */
export const requireOwnForm = (headers: Headers, token: string | undefined): void => {
  const cookie = new Bun.CookieMap(headers.get('cookie') ?? '').get(FORM_COOKIE) ?? '';
  if (comesFromElsewhere(headers) || !isSame(cookie, token ?? '')) throw new Failure('forbidden', REFUSED);
};
