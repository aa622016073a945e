/**
 * The sweep: compares all rows with all objects and removes what has lost its other side: a row whose bytes are gone, and bytes
 * that no row names (a crash or an outage between the two steps of an upload or a deletion leaves them).
 */
import { errorFields, type Log } from '@parley/kit/log';
import type { FileStore, ObjectRow } from '../files/store.ts';
import type { FileMetrics } from '../metrics.ts';
import { FILE_PREFIX, fileKey, type ObjectStore, THUMBNAIL_PREFIX, thumbnailKey } from '../objects/store.ts';
import { compare } from './compare.ts';
import type { Leases } from './lease.ts';
import { isPlausible } from './rules.ts';

export interface SweepOptions {
  readonly files: FileStore;
  readonly objects: ObjectStore;
  readonly leases: Leases;
  readonly log: Log;
  /** What is younger is left alone: its upload may be under way. */
  readonly graceMs: number;
  readonly metrics?: FileMetrics;
  now?(): number;
}

export interface SweepReport {
  readonly rows: number;
  readonly objects: number;
  readonly row_without_object: number;
  readonly object_without_row: number;
  readonly unfinished_upload: number;
  /** So much was amiss that nothing of it was believed, or removed. */
  readonly isRefused: boolean;
}

export interface Sweep {
  /**
   * @param isForced repairs also what looks like a wrong bucket or database
   * @returns undefined while another replica sweeps
   * @throws {Failure} `storage_unavailable`
   */
  run(isForced?: boolean): Promise<SweepReport | undefined>;
}

const LEASE = 'sweep';
/** A dead sweeper's lease. Two sweeps at once do no harm: each looks again before it removes. */
const LEASE_MS = 600_000;
const PAGE_ROWS = 1_000;
/** More are left to the next sweep. */
const MAX_FINDINGS = 10_000;

interface Survey {
  rows: number;
  objects: number;
  readonly lostRows: ObjectRow[];
  readonly lostObjects: string[];
}

interface ListedObject {
  readonly objectId: string;
  readonly modifiedAt: Date;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function* listIds(objects: ObjectStore, prefix: string): AsyncGenerator<ListedObject> {
  for await (const { key, modifiedAt } of objects.list(prefix)) {
    const objectId = key.slice(prefix.length);
    // Whatever else lies there isn't ours.
    if (UUID.test(objectId)) yield { objectId, modifiedAt };
  }
}

async function* allRows(files: FileStore): AsyncGenerator<ObjectRow> {
  for (let page = await files.pageByObject(undefined, PAGE_ROWS); page.length > 0; ) {
    yield* page;
    page = await files.pageByObject(page.at(-1)?.objectId, PAGE_ROWS);
  }
}

async function* counted<T>(items: AsyncIterable<T>, onItem: () => void): AsyncGenerator<T> {
  for await (const item of items) {
    onItem();
    yield item;
  }
}

export const createSweep = ({ files, objects, leases, log, graceMs, metrics, now = Date.now }: SweepOptions): Sweep => {
  const survey = async (before: Date): Promise<Survey> => {
    const found: Survey = { rows: 0, objects: 0, lostRows: [], lostObjects: [] };
    const rows = counted(allRows(files), () => {
      found.rows += 1;
    });
    const listed = counted(listIds(objects, FILE_PREFIX), () => {
      found.objects += 1;
    });
    for await (const finding of compare(rows, listed)) {
      if (finding.kind === 'row_without_object') {
        if (finding.row.createdAt < before && found.lostRows.length < MAX_FINDINGS) found.lostRows.push(finding.row);
      } else if (finding.object.modifiedAt < before && found.lostObjects.length < MAX_FINDINGS)
        found.lostObjects.push(finding.object.objectId);
    }
    return found;
  };

  const repairRows = async (lost: readonly ObjectRow[]): Promise<number> => {
    let repaired = 0;
    for (const { id, objectId } of lost) {
      if (await objects.has(fileKey(objectId))) continue;
      await files.remove(id);
      log.warn({ event: 'row_without_object', file_id: id });
      repaired += 1;
    }
    return repaired;
  };

  const repairObjects = async (lost: readonly string[]): Promise<number> => {
    let repaired = 0;
    for (let at = 0; at < lost.length; at += PAGE_ROWS) {
      const page = lost.slice(at, at + PAGE_ROWS);
      const withRows = await files.withRows(page);
      for (const objectId of page.filter((id) => !withRows.has(id))) {
        await objects.remove(fileKey(objectId));
        log.warn({ event: 'object_without_row', object_id: objectId });
        repaired += 1;
      }
    }
    return repaired;
  };

  /** A thumbnail goes with its file: one that was made while its file was deleted stays behind. */
  const removeLooseThumbnails = async (before: Date): Promise<void> => {
    const removeLoose = async (page: readonly string[]) => {
      const withRows = await files.withRows(page);
      for (const objectId of page) if (!withRows.has(objectId)) await objects.remove(thumbnailKey(objectId));
    };
    let page: string[] = [];
    for await (const { objectId, modifiedAt } of listIds(objects, THUMBNAIL_PREFIX)) {
      if (modifiedAt < before) page.push(objectId);
      if (page.length < PAGE_ROWS) continue;
      await removeLoose(page);
      page = [];
    }
    if (page.length > 0) await removeLoose(page);
  };

  const sweepAll = async (isForced: boolean): Promise<SweepReport> => {
    const before = new Date(now() - graceMs);
    const found = await survey(before);
    const { rows, lostRows, lostObjects } = found;
    const isBelieved = isPlausible(lostRows.length, rows) && isPlausible(lostObjects.length, found.objects);
    const isRefused = !isBelieved && !isForced;
    const seen = { rows, objects: found.objects, isRefused };
    if (isRefused) {
      log.error({ event: 'sweep_refused', ...seen, lost_rows: lostRows.length, lost_objects: lostObjects.length });
      return { ...seen, row_without_object: 0, object_without_row: 0, unfinished_upload: 0 };
    }
    const repairs = {
      row_without_object: await repairRows(lostRows),
      object_without_row: await repairObjects(lostObjects),
      unfinished_upload: await objects.removeUnfinished(before),
    };
    await removeLooseThumbnails(before);
    for (const [kind, count] of Object.entries(repairs)) metrics?.repairs.inc({ kind }, count);
    return { ...seen, ...repairs };
  };

  const release = () =>
    leases.release(LEASE).catch((error: unknown) => log.warn({ event: 'lease_not_released', ...errorFields(error) }));

  return {
    run: async (isForced = false) => {
      if (!(await leases.take(LEASE, LEASE_MS))) return undefined;
      try {
        const report = await sweepAll(isForced);
        log.info({ event: 'swept', ...report });
        return report;
      } finally {
        await release();
      }
    },
  };
};
