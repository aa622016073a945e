/** The API as a whole: its document is complete, and no input breaks it. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { incompleteness } from '@parley/testing/openapi/complete';
import { addressesOf, documentedAddressesOf } from '@parley/testing/openapi/contract';
import { type OpenApiDocument, readDocument } from '@parley/testing/openapi/document';
import { type FuzzReport, fuzzOpenApi } from '@parley/testing/openapi/fuzz';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { describeWith, freshDatabase } from '@parley/testing/servers/servers';
import * as contract from './contract.ts';
import { embeddedStores, startTestService, type TestService } from './testing/service.ts';
import { newVapidEnvironment } from './testing/vapid.ts';

const RUNS = 60;

const openService = (databaseUrl: string): Promise<TestService> =>
  startTestService({ ...embeddedStores(), DATABASE_URL: databaseUrl, ...newVapidEnvironment() });

/** Statuses that were answered to a request of these. */
const statusesOf = (report: FuzzReport, endpoint: string): number[] => Object.keys(report[endpoint] ?? {}).map(Number);

const holdsAgainstAnything = (openDatabase: () => Promise<{ url: string; drop(): Promise<void> }>) => () => {
  let service: TestService;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const { url, drop: dropDatabase } = await openDatabase();
    drop = dropDatabase;
    service = await openService(url);
  });
  afterAll(async () => {
    await service.stop();
    await drop();
  });

  test('generated requests, good and bad, get no 5xx and no undocumented success', async () => {
    const report = await fuzzOpenApi(service.url, { runs: RUNS });
    // Good ones got through, and bad ones were refused: the generator reaches both sides.
    expect(statusesOf(report, 'POST /notifications')).toContain(201);
    expect(statusesOf(report, 'POST /notifications')).toContain(422);
    expect(statusesOf(report, 'GET /notifications/{user_id}')).toContain(200);
    expect(statusesOf(report, 'GET /notifications/{user_id}')).toContain(422);
    expect(statusesOf(report, 'PATCH /notifications/{id}/read')).toContain(404);
    expect(statusesOf(report, 'POST /push/subscriptions')).toContain(422);
  });

  test('the document describes every parameter, body, answer and error, with examples', async () => {
    const document: OpenApiDocument = await readDocument(service.url);
    expect(Object.keys(document.paths)).toContain('/notifications/{user_id}');
    expect(incompleteness(document)).toEqual([]);
  });

  test('it serves what its contract names, and nothing else', async () => {
    expect(documentedAddressesOf(await readDocument(service.url))).toEqual(addressesOf(contract));
  });
};

describe(
  'the API on the embedded database',
  holdsAgainstAnything(async () => ({ url: newEmbeddedUrl(), drop: async () => undefined })),
);
describeWith(['postgres'], 'the API on Postgres', holdsAgainstAnything(freshDatabase));
