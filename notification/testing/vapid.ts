/** For tests: an operator's keys (VAPID, RFC 8292), and what a push service checks of who pushes, not by the library that signs. */
import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import webPush from 'web-push';

/** The variables of an operator with a key pair of their own. (Node's own `getPrivateKey` drops leading zeros, one time in 256.) */
export const newVapidEnvironment = () => {
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  return { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey, VAPID_SUBJECT: 'mailto:operator@example.org' };
};

/**
 * Throws unless the token was signed for this origin by the key that comes with it.
 * @param header of `Authorization`
 * @returns that key, base64url
 */
export const checkVapid = async (header: string, origin: string): Promise<string> => {
  const [, token = '', publicKey = ''] = /^vapid t=([^,]+), k=(\S+)$/.exec(header) ?? [];
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, format: 'jwk' });
  await jwtVerify(token, key, { algorithms: ['ES256'], audience: origin, requiredClaims: ['exp', 'sub'] });
  return publicKey;
};
