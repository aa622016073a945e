/** Test servers keep their URL and data when a test stops, kills or pauses them. */
import { expect, test } from 'bun:test';
import { Redis } from 'ioredis';
import postgres from 'postgres';
import { eventually } from '../time/eventually.ts';
import { describeWith, freshDatabase, startMinio, startPostgres, startRedis } from './servers.ts';

const withRedis = async <T>(url: string, work: (client: Redis) => Promise<T>, commandTimeout = 20_000): Promise<T> => {
  const client = new Redis(url, { maxRetriesPerRequest: 0, commandTimeout, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
};

describeWith(['redis'], 'A Redis of one’s own', () => {
  test('keeps its data through a stop, a kill and a pause', async () => {
    const server = await startRedis();
    const read = (timeoutMs?: number) => withRedis(server.url, (client) => client.get('word'), timeoutMs);
    await withRedis(server.url, (client) => client.set('word', 'kept'));

    await server.stop();
    await expect(read()).rejects.toThrow();
    await server.start();
    expect(await read()).toBe('kept');

    await server.kill();
    await expect(read()).rejects.toThrow();
    await server.start();
    expect(await read()).toBe('kept');

    server.pause();
    await expect(read(300)).rejects.toThrow();
    server.resume();
    expect(await eventually(() => read())).toBe('kept');
    await server.close();
  });
});

const firstRow = async (url: string, statement: string, connectTimeoutS = 20): Promise<unknown> => {
  const client = postgres(url, { max: 1, connect_timeout: connectTimeoutS, onnotice: () => undefined });
  try {
    return (await client.unsafe(statement))[0];
  } finally {
    await client.end({ timeout: 0 });
  }
};

describeWith(['postgres'], 'A Postgres of one’s own', () => {
  test('keeps what was committed through a stop and a kill, and answers nobody while paused', async () => {
    const server = await startPostgres();
    const read = (timeoutS?: number) => firstRow(server.url, 'select word from words', timeoutS);
    await firstRow(server.url, "create table words as select 'kept' as word");

    await server.stop();
    await expect(read()).rejects.toThrow();
    await server.start();
    expect(await read()).toEqual({ word: 'kept' });

    await firstRow(server.url, "update words set word = 'committed'");
    await server.kill();
    await expect(read()).rejects.toThrow();
    await server.start();
    expect(await read()).toEqual({ word: 'committed' });

    server.pause();
    await expect(read(1)).rejects.toThrow();
    server.resume();
    expect(await eventually(() => read())).toEqual({ word: 'committed' });
    await server.close();
  });
});

describeWith(['postgres'], 'Fresh databases', () => {
  test('are empty, apart from each other, and gone once dropped', async () => {
    const [one, two] = await Promise.all([freshDatabase(), freshDatabase()]);
    await firstRow(one.url, 'create table things (id int)');
    await expect(firstRow(two.url, 'select * from things')).rejects.toThrow('does not exist');
    await Promise.all([one.drop(), two.drop()]);
    await expect(firstRow(one.url, 'select 1')).rejects.toThrow('does not exist');
  });
});

describeWith(['minio'], 'A MinIO of one’s own', () => {
  test('keeps its objects through a kill', async () => {
    const server = await startMinio();
    const { accessKey: accessKeyId, secretKey: secretAccessKey } = server;
    const options = { endpoint: `http://${server.endpoint}`, accessKeyId, secretAccessKey };
    // The client has no call that creates a bucket: a PUT of the bucket's path does.
    const makeBucket = new Bun.S3Client({ ...options, virtualHostedStyle: true }).presign('things', { method: 'PUT' });
    expect((await fetch(makeBucket, { method: 'PUT' })).status).toBe(200);
    const client = new Bun.S3Client({ ...options, bucket: 'things' });
    await client.write('word.txt', 'kept');

    await server.kill();
    await expect(fetch(server.url)).rejects.toThrow();
    await server.start();
    expect(await client.file('word.txt').text()).toBe('kept');
    await server.close();
  });
});
