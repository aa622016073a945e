import { expect, test } from 'bun:test';
import { ConfigError, parseConfig } from '@parley/kit/process/config';
import { FileVariables } from '../config.ts';
import { parseEndpoint } from './endpoint.ts';

test('host:port is plain http with the bucket in the path', () => {
  expect(parseEndpoint('localhost:9000')).toEqual({
    url: 'http://localhost:9000',
    region: 'us-east-1',
    forcePathStyle: true,
  });
  expect(parseEndpoint('minio')).toMatchObject({ url: 'http://minio', forcePathStyle: true });
});

test('an https address is taken as it is', () => {
  expect(parseEndpoint('https://objects.example.org')).toMatchObject({
    url: 'https://objects.example.org',
    forcePathStyle: true,
  });
  expect(parseEndpoint('https://minio.example.org:9443')).toMatchObject({ url: 'https://minio.example.org:9443' });
});

test("Amazon's is found by its region, with the bucket in the host name", () => {
  expect(parseEndpoint('s3.amazonaws.com')).toEqual({ region: 'us-east-1', forcePathStyle: false });
  expect(parseEndpoint('https://s3.amazonaws.com', 'eu-central-1')).toEqual({
    region: 'eu-central-1',
    forcePathStyle: false,
  });
  expect(parseEndpoint('s3.eu-west-1.amazonaws.com')).toEqual({ region: 'eu-west-1', forcePathStyle: false });
  expect(parseEndpoint('s3-us-west-2.amazonaws.com:443')).toMatchObject({ region: 'us-west-2' });
});

test('a host that only looks like it is not Amazon', () => {
  expect(parseEndpoint('s3.amazonaws.com.example.org').forcePathStyle).toBeTrue();
});

test('what is no endpoint, bucket or list of types is a fault that names its variable', () => {
  const faultsOf = (env: Record<string, string>): readonly string[] => {
    try {
      parseConfig(FileVariables, env);
    } catch (error) {
      if (error instanceof ConfigError) return error.faults;
    }
    return [];
  };
  expect(faultsOf({})).toEqual([]);
  const faults = faultsOf({
    MINIO_ENDPOINT: 'ftp://x y',
    MINIO_BUCKET: 'No',
    ALLOWED_TYPES: 'png',
    MAX_FILE_BYTES: '0',
  });
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'MINIO_ENDPOINT',
    'MINIO_BUCKET',
    'MAX_FILE_BYTES',
    'ALLOWED_TYPES',
  ]);
});
