/**
 * Authentication. With `AUTH_SECRET` a request must prove every user id that it acts as, by a signed token (JWT, HS256, `sub` is the
 * user id) in the cookie or in `Authorization: Bearer`. Without it (open mode) anyone may act as anyone.
 */
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import type { Log } from '../process/log.ts';
import { type PublicConfig, requireFitForPublic } from '../process/public.ts';
import { bearerOf, findCookie, SESSION_COOKIE } from './cookies.ts';

/** The claim of tokens that Parley's services sign for themselves: it permits to act as any user. Tokens of users lack it. */
const SERVICE_CLAIM = 'parley_service';

/** What a valid token proves. */
export interface Proof {
  /** For a service, its name. */
  readonly userId: string;
  readonly isService: boolean;
}

export interface Identity {
  /** True without a secret. */
  readonly isOpen: boolean;
  /**
   * Resolves if the request may act as this user.
   * @throws {Failure} `unauthenticated` without a valid token, `forbidden` if the token proves another user
   */
  requireUser(headers: Headers, userId: string): Promise<void>;
  /** Who sent the request, by its token; undefined in open mode. @throws {Failure} `unauthenticated` */
  proofOf(headers: Headers): Promise<Proof | undefined>;
  /** Resolves for a service of the suite; in open mode for anyone. @throws {Failure} `unauthenticated`, `forbidden` */
  requireService(headers: Headers): Promise<void>;
  /**
   * Resolves if the request proves any user.
   * @returns the user's id; undefined in open mode
   * @throws {Failure} `unauthenticated`
   */
  requireAnyone(headers: Headers): Promise<string | undefined>;
  /** Signs a token for this user, valid for `lifetimeSeconds`. */
  sign(userId: string, lifetimeSeconds: number): Promise<string>;
  /** The headers by which a service proves itself to another service; none in open mode. */
  serviceHeaders(service: string): Promise<Record<string, string>>;
}

const SERVICE_TOKEN_SECONDS = 60;

/** The claim of tokens of sessions that began over HTTPS: they are valid only in a `__Host-` cookie. */
export const HOST_BOUND_CLAIM = 'parley_host_bound';

export const createIdentity = (secret?: string): Identity => {
  const key = secret === undefined ? undefined : new TextEncoder().encode(secret);

  const prove = async (headers: Headers): Promise<Proof> => {
    const bearer = bearerOf(headers);
    const cookie = bearer === undefined ? findCookie(headers, SESSION_COOKIE) : undefined;
    const token = bearer ?? cookie?.value;
    if (!key || !token) throw new Failure(errors.unauthenticated);
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] });
      if (cookie && !cookie.isHostBound && payload[HOST_BOUND_CLAIM] === true)
        throw new Error('A subdomain may have planted this cookie: its token belongs into a __Host- cookie');
      return { userId: payload.sub ?? '', isService: payload[SERVICE_CLAIM] === true };
    } catch (error) {
      throw new Failure(errors.unauthenticated, undefined, { cause: error });
    }
  };

  const signClaims = async (claims: JWTPayload, lifetimeSeconds: number): Promise<string> => {
    if (!key) throw new Error('AUTH_SECRET is not set: there is nothing to sign with');
    const expiresAt = new Date(Date.now() + lifetimeSeconds * 1_000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime(expiresAt)
      .sign(key);
  };

  return {
    isOpen: key === undefined,
    requireUser: async (headers, userId) => {
      if (!key) return;
      const proven = await prove(headers);
      if (proven.userId !== userId && !proven.isService) throw new Failure(errors.forbidden);
    },
    proofOf: async (headers) => (key ? prove(headers) : undefined),
    requireService: async (headers) => {
      if (key && !(await prove(headers)).isService)
        throw new Failure(errors.forbidden, 'Only a service of the suite may do this');
    },
    requireAnyone: async (headers) => (key ? (await prove(headers)).userId : undefined),
    sign: (userId, lifetimeSeconds) => signClaims({ sub: userId }, lifetimeSeconds),
    serviceHeaders: async (service) => {
      if (!key) return {};
      const token = await signClaims({ sub: service, [SERVICE_CLAIM]: true }, SERVICE_TOKEN_SECONDS);
      return { authorization: `Bearer ${token}` };
    },
  };
};

/** Creates the identity of a starting service and logs a warning in open mode. @throws {ConfigError} see `requireFitForPublic` */
export const openIdentity = (config: PublicConfig, log: Log): Identity => {
  requireFitForPublic(config);
  const identity = createIdentity(config.authSecret);
  if (identity.isOpen)
    log.warn({
      event: 'open_identity',
      advice: 'AUTH_SECRET is not set: anyone may act as anyone; fit for loopback only',
    });
  return identity;
};
