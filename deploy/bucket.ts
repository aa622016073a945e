/** The objects that file keeps, seen from the host: MinIO's port on loopback, or the S3 that `MINIO_ENDPOINT` names. */
import { parseEndpoint } from '@parley/file/objects/endpoint';
import { S3Client } from 'bun';

const clientFor = (env: NodeJS.ProcessEnv): S3Client => {
  const own = `http://127.0.0.1:${env.MINIO_API_PORT || 9_000}`;
  const { url, region, forcePathStyle } = parseEndpoint(env.MINIO_ENDPOINT || own, env.MINIO_REGION);
  return new S3Client({
    ...(url ? { endpoint: url } : {}),
    region,
    virtualHostedStyle: !forcePathStyle,
    bucket: env.MINIO_BUCKET || 'chatfiles',
    accessKeyId: env.MINIO_ACCESS_KEY || 'minioadmin',
    secretAccessKey: env.MINIO_SECRET_KEY || 'minioadmin',
  });
};

export interface Bucket {
  keys(): Promise<string[]>;
  /** Copies an object into a file. @returns its media type, size in bytes and SHA-256 */
  download(key: string, file: string): Promise<{ type: string; bytes: number; sha256: string }>;
  upload(key: string, file: string, type: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export const openBucket = (env: NodeJS.ProcessEnv): Bucket => {
  const client = clientFor(env);
  return {
    keys: async () => {
      const keys: string[] = [];
      for (let startAfter: string | undefined; ; ) {
        const page = await client.list({ maxKeys: 1_000, ...(startAfter ? { startAfter } : {}) });
        const found = (page.contents ?? []).map(({ key }) => key);
        keys.push(...found);
        if (!page.isTruncated) return keys;
        startAfter = found.at(-1);
      }
    },
    download: async (key, file) => {
      const { type } = await client.stat(key);
      const sha256 = new Bun.CryptoHasher('sha256');
      const writer = Bun.file(file).writer();
      let bytes = 0;
      for await (const chunk of client.file(key).stream()) {
        sha256.update(chunk);
        bytes += chunk.length;
        writer.write(chunk);
        await writer.flush();
      }
      await writer.end();
      return { type, bytes, sha256: sha256.digest('hex') };
    },
    upload: async (key, file, type) => {
      await client.write(key, Bun.file(file), { type });
    },
    remove: (key) => client.delete(key),
  };
};
