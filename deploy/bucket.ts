/** Access from the host to the objects of the file service: MinIO's port on loopback, or the S3 that `MINIO_ENDPOINT` names. */
import { FileVariables } from '@parley/file/config';
import { parseEndpoint } from '@parley/file/objects/endpoint';
import { openObjectStore } from '@parley/file/objects/store.open';
import { type Config, type Environment, parseConfig } from '@parley/kit/process/config';
import { createLog } from '@parley/kit/process/log';
import { S3Client } from 'bun';

const clientFor = (config: Config<typeof FileVariables>): S3Client => {
  const { url, region, forcePathStyle } = parseEndpoint(config.minioEndpoint, config.minioRegion);
  return new S3Client({
    ...(url ? { endpoint: url } : {}),
    region,
    virtualHostedStyle: !forcePathStyle,
    bucket: config.minioBucket,
    accessKeyId: config.minioAccessKey,
    secretAccessKey: config.minioSecretKey,
  });
};

export interface Bucket {
  /** Creates the bucket if it is missing. */
  make(): Promise<void>;
  keys(): Promise<string[]>;
  /** Copies an object into a file. @returns its media type, size in bytes and SHA-256 */
  download(key: string, file: string): Promise<{ type: string; bytes: number; sha256: string }>;
  upload(key: string, file: string, type: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The environment with the defaults that `compose.yml` has for the file service. */
const withDefaults = (env: Environment): Environment => ({
  ...env,
  MINIO_ENDPOINT: env.MINIO_ENDPOINT || `127.0.0.1:${env.MINIO_API_PORT || 9_000}`,
  MINIO_ACCESS_KEY: env.MINIO_ACCESS_KEY || 'file',
  MINIO_SECRET_KEY: env.MINIO_SECRET_KEY || 'loopback-only',
});

/** @throws {ConfigError} */
export const openBucket = (env: Environment): Bucket => {
  const config = parseConfig(FileVariables, withDefaults(env));
  const client = clientFor(config);
  return {
    make: async () => {
      const store = openObjectStore(config, createLog('bucket', 'error'));
      const state = await store.probe();
      store.close();
      if (state !== 'connected') throw new Error(`The object store at ${config.minioEndpoint} is ${state}`);
    },
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
