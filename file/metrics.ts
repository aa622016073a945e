/** The metrics of file, beside those that every service has. */
import type { Metrics } from '@parley/kit/process/metrics';
import { Counter, Gauge } from 'prom-client';

export const createFileMetrics = ({ registry }: Metrics) => {
  const registers = [registry];
  return {
    uploads: new Counter({ name: 'parley_file_uploads_total', help: 'Files taken', registers }),
    uploadedBytes: new Counter({ name: 'parley_file_uploaded_bytes_total', help: 'Bytes of files taken', registers }),
    uploading: new Gauge({ name: 'parley_file_uploading', help: 'Uploads under way', registers }),
    uploadsWaiting: new Gauge({
      name: 'parley_file_uploads_waiting',
      help: 'Uploads that wait for their turn',
      registers,
    }),
    refusals: new Counter({
      name: 'parley_file_refusals_total',
      help: 'Uploads refused or failed, by the code of the error',
      labelNames: ['reason'],
      registers,
    }),
    downloads: new Counter({ name: 'parley_file_downloads_total', help: 'Downloads begun', registers }),
    downloadBytes: new Counter({
      name: 'parley_file_download_bytes_total',
      help: 'Bytes of the downloads begun',
      registers,
    }),
    thumbnails: new Counter({
      name: 'parley_file_thumbnails_total',
      help: 'Thumbnails made, found impossible, or given up because they took too long',
      labelNames: ['outcome'],
      registers,
    }),
    repairs: new Counter({
      name: 'parley_file_sweep_repairs_total',
      help: 'What sweeps removed: rows without object, objects without row, unfinished uploads',
      labelNames: ['kind'],
      registers,
    }),
  };
};

export type FileMetrics = ReturnType<typeof createFileMetrics>;
