/** The suite's address, tokens of users, and the variables of a run. */
import crypto from 'k6/crypto';
import encoding from 'k6/encoding';

const text = (name: string, otherwise: string): string => __ENV[name] || otherwise;

export const number = (name: string, otherwise: number): number => {
  const value = Number(text(name, String(otherwise)));
  if (!Number.isFinite(value)) throw new Error(`${name}: got ${JSON.stringify(__ENV[name])}, wants a number`);
  return value;
};

export const origin = text('BASE_URL', 'http://localhost:8080').replace(/\/$/, '');

export const socketUrl = (room: string, user: string, query: string): string =>
  `${origin.replace(/^http/, 'ws')}/ws/${encodeURIComponent(room)}/${encodeURIComponent(user)}?${query}`;

const TOKEN_LIFETIME_S = 86_400;

const base64 = (value: object): string => encoding.b64encode(JSON.stringify(value), 'rawurl');

/** The `authorization` header of a user (a JWT, HS256) for a suite with AUTH_SECRET; empty without it. */
export const proofOf = (user: string): Record<string, string> => {
  const secret = __ENV.AUTH_SECRET;
  if (!secret) return {};
  const now = Math.floor(Date.now() / 1_000);
  const claims = `${base64({ alg: 'HS256' })}.${base64({ sub: user, iat: now, exp: now + TOKEN_LIFETIME_S })}`;
  return { authorization: `Bearer ${claims}.${crypto.hmac('sha256', secret, claims, 'base64rawurl')}` };
};

export const json = { 'content-type': 'application/json' };

/** The folder of the report. */
export const results = text('RESULTS', '.');
