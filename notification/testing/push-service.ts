/**
 * For tests: a push service on this machine with browsers that subscribe to it. It checks what a real one checks (VAPID, RFC 8292) and
 * its browsers decrypt what they get (RFC 8291, RFC 8188), by node's crypto and not by the library that encrypts.
 */
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { checkVapid } from './vapid.ts';

const RECORD_HEADER_BYTES = 21;
const TAG_BYTES = 16;
const LAST_RECORD_DELIMITER = 2;

const hkdf = (secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, bytes));

/** One browser's subscription, and how it reads what was encrypted for it. */
const createBrowser = (endpoint: string) => {
  const ecdh = createECDH('prime256v1');
  const publicKey = ecdh.generateKeys();
  const auth = randomBytes(16);

  const decrypt = (body: Buffer): string => {
    const salt = body.subarray(0, 16);
    const senderKey = body.subarray(RECORD_HEADER_BYTES, RECORD_HEADER_BYTES + body.readUInt8(20));
    const sealed = body.subarray(RECORD_HEADER_BYTES + senderKey.length);
    const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), publicKey, senderKey]);
    const secret = hkdf(ecdh.computeSecret(senderKey), auth, keyInfo, 32);
    const key = hkdf(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = hkdf(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const cipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = Buffer.concat([cipher.update(sealed.subarray(0, -TAG_BYTES)), cipher.final()]);
    if (text.at(-1) !== LAST_RECORD_DELIMITER) throw new Error('The record has no delimiter of a last record');
    return text.subarray(0, -1).toString('utf8');
  };

  const keys = { p256dh: publicKey.toString('base64url'), auth: auth.toString('base64url') };
  return { subscription: { endpoint, keys }, decrypt };
};

export interface Received {
  readonly path: string;
  /** The decrypted text, or undefined when no browser of ours was meant. */
  readonly text: string | undefined;
  readonly vapidKey: string;
  readonly ttl: string | null;
  readonly topic: string | null;
}

/** @param answer what the service says to a delivery; may take its time */
export const startPushService = (answer: (path: string) => Response | Promise<Response> = () => created()) => {
  const browsers = new Map<string, ReturnType<typeof createBrowser>>();
  const received: Received[] = [];

  const receive = async (request: Request): Promise<Response> => {
    const { pathname: path, origin } = new URL(request.url);
    const vapidKey = await checkVapid(request.headers.get('authorization') ?? '', origin);
    const body = Buffer.from(await request.arrayBuffer());
    const [ttl = null, topic = null] = ['ttl', 'topic'].map((name) => request.headers.get(name));
    received.push({ path, text: browsers.get(path)?.decrypt(body), vapidKey, ttl, topic });
    return answer(path);
  };

  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: receive });
  return {
    received,
    url: server.url.origin,
    /** A new browser's subscription at this service. */
    subscribe: (path: string = `/${crypto.randomUUID()}`) => {
      const browser = createBrowser(`${server.url.origin}${path}`);
      browsers.set(path, browser);
      return browser.subscription;
    },
    close: () => server.stop(true),
  };
};

export const created = (): Response => new Response(null, { status: 201 });
