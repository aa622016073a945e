/** The operator's identity for Web Push (VAPID, RFC 8292): a P-256 key pair and a contact address. */
import { createECDH } from 'node:crypto';

export interface VapidKeys {
  /** Uncompressed point, 65 bytes in base64url. */
  readonly publicKey: string;
  /** Scalar, 32 bytes in base64url. */
  readonly privateKey: string;
  /** A `mailto:` or `https:` address of the operator. */
  readonly subject: string;
}

const PRIVATE_KEY_BYTES = 32;

/** web-push accepts only base64url without padding. */
const BASE64URL = /^[\w-]+$/;

/** Whether the two keys belong together. */
export const isKeyPair = (publicKey: string, privateKey: string): boolean => {
  if (!BASE64URL.test(publicKey) || !BASE64URL.test(privateKey)) return false;
  const scalar = Buffer.from(privateKey, 'base64url');
  if (scalar.length !== PRIVATE_KEY_BYTES || !scalar.some((byte) => byte > 0)) return false;
  const ecdh = createECDH('prime256v1');
  try {
    ecdh.setPrivateKey(scalar);
  } catch {
    return false;
  }
  return ecdh.getPublicKey().equals(Buffer.from(publicKey, 'base64url'));
};

export const isContactUrl = (subject: string): boolean =>
  URL.canParse(subject) && ['mailto:', 'https:'].includes(new URL(subject).protocol);
