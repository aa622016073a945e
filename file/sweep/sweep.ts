/**
 * The sweep compares all rows with all objects, and removes rows without an object and objects without a row. A crash or an outage between
 * the two steps of an upload or a deletion leaves them.
 */
import { errorFields } from '@parley/kit/process/log';
import type { FileMetrics } from '../metrics.ts';
import type { Leases } from './lease.ts';
import { type RepairDeps, removeLooseThumbnails, removeObjects, removeRows } from './repairs.ts';
import { isPlausible } from './rules.ts';
import { type Survey, takeSurvey } from './survey.ts';

export interface SweepDeps extends RepairDeps {
  readonly leases: Leases;
  /** Rows and objects younger than this are left alone: their upload may not be complete. */
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
  /** True when so much was missing that the bucket or the database must be the wrong one: nothing was removed. */
  readonly isRefused: boolean;
}

export interface Sweep {
  /**
   * @param isForced removes even when the bucket or the database looks like the wrong one
   * @returns undefined while another replica sweeps
   * @throws {Failure} `storage_unavailable`
   */
  run(isForced?: boolean): Promise<SweepReport | undefined>;
}

const LEASE = 'sweep';
/** When a sweeping replica dies, its lease ends after this time. Two sweeps at once do no harm: each checks again before it removes. */
const LEASE_MS = 600_000;

const isBelievable = ({ rows, objects, rowsWithoutObject, objectsWithoutRow }: Survey): boolean =>
  isPlausible(rowsWithoutObject.length, rows) && isPlausible(objectsWithoutRow.length, objects);

export const createSweep = (deps: SweepDeps): Sweep => {
  const { files, objects, leases, log, graceMs, metrics, now = Date.now } = deps;

  const repair = async (survey: Survey, before: Date) => {
    const repairs = {
      row_without_object: await removeRows(survey.rowsWithoutObject, deps),
      object_without_row: await removeObjects(survey.objectsWithoutRow, deps),
      unfinished_upload: await objects.removeUnfinished(before),
    };
    await removeLooseThumbnails(before, deps);
    for (const [kind, count] of Object.entries(repairs)) metrics?.repairs.inc({ kind }, count);
    return repairs;
  };

  const sweepAll = async (isForced: boolean): Promise<SweepReport> => {
    const before = new Date(now() - graceMs);
    const survey = await takeSurvey(files, objects, before);
    const seen = { rows: survey.rows, objects: survey.objects };
    if (isForced || isBelievable(survey)) return { ...seen, ...(await repair(survey, before)), isRefused: false };
    const lost = { lost_rows: survey.rowsWithoutObject.length, lost_objects: survey.objectsWithoutRow.length };
    log.error({ event: 'sweep_refused', ...seen, ...lost, advice: 'Is it the right bucket and database?' });
    return { ...seen, row_without_object: 0, object_without_row: 0, unfinished_upload: 0, isRefused: true };
  };

  const release = () =>
    leases.release(LEASE).catch((error: unknown) => log.warn({ event: 'lease_not_released', ...errorFields(error) }));

  return {
    run: async (isForced = false) => {
      if (!(await leases.take(LEASE, LEASE_MS))) return undefined;
      try {
        const report = await sweepAll(isForced);
        const { isRefused, ...counts } = report;
        if (!isRefused) log.info({ event: 'swept', ...counts });
        return report;
      } finally {
        await release();
      }
    },
  };
};
