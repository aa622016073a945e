/** file's variables. `docs/operating.md` lists them from this schema. */
import { type Config, commonVariables, databaseVariables, portVariable, t } from '@parley/kit/process/config';

const MIB = 1_024 * 1_024;

export const FileVariables = t.Object({
  ...commonVariables,
  PORT: portVariable(8023),
  ...databaseVariables,
  MINIO_ENDPOINT: t.String({
    default: 'localhost:9000',
    pattern: '^(https?://)?[A-Za-z0-9._-]+(:[0-9]{1,5})?/?$',
    wants: 'host:port, http://host:port, https://host, or s3.amazonaws.com',
    description: 'MinIO or S3: `host:port` (plain http), `https://host`, or `s3.amazonaws.com`',
  }),
  MINIO_ACCESS_KEY: t.String({ default: 'minioadmin', description: 'Access key' }),
  MINIO_SECRET_KEY: t.String({ default: 'minioadmin', secret: true, description: 'Secret key' }),
  MINIO_BUCKET: t.String({
    default: 'chatfiles',
    pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
    wants: 'a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens',
    description: 'Bucket; created when it is missing and the keys permit it',
  }),
  MINIO_REGION: t.Optional(
    t.String({ description: 'Region of the bucket. Unset: the one in an `s3.REGION.amazonaws.com`, else us-east-1' }),
  ),
  STORAGE_DIR: t.Optional(
    t.String({ description: 'Keep the bytes in this folder instead of MinIO: for one process, as `bun run dev` does' }),
  ),
  STORAGE_TIMEOUT_MS: t.Integer({
    default: 4_000,
    minimum: 100,
    maximum: 600_000,
    description: 'The longest that MinIO or S3 may take for one request of at most 5 MiB, or be silent in a download',
  }),
  MAX_FILE_BYTES: t.Integer({
    default: 10 * MIB,
    minimum: 1,
    maximum: 5_000 * MIB,
    description: 'The largest file, in bytes; 10 MB here are 10 MiB',
  }),
  ALLOWED_TYPES: t.String({
    default: 'image/jpeg,image/png,image/gif,image/webp,application/pdf,text/plain,application/zip',
    pattern: '^\\s*[\\w.+-]+/[\\w.+-]+\\s*(,\\s*[\\w.+-]+/[\\w.+-]+\\s*)*$',
    wants: 'media types separated by commas, such as image/png,text/plain',
    description: 'The types that may be uploaded, judged by the bytes',
  }),
  MAX_IMAGE_PIXELS: t.Integer({
    default: 50_000_000,
    minimum: 1,
    maximum: 268_402_689,
    description: 'The largest image, in pixels (width times height): a larger one is refused, and never decoded',
  }),
  MAX_UPLOADS: t.Integer({
    default: 32,
    minimum: 1,
    maximum: 10_000,
    description:
      'Uploads at the same time. One person holds at most a quarter of them, one address half; more wait in a line, and are refused as `overloaded` when it is full',
  }),
  MAX_UPLOADS_WAITING: t.Integer({
    default: 400,
    minimum: 1,
    maximum: 100_000,
    description: 'Uploads that may wait for their turn, an eighth of them of one person, half of one address',
  }),
  UPLOAD_MEMORY_BYTES: t.Integer({
    default: 320 * MIB,
    minimum: MIB,
    maximum: 65_536 * MIB,
    description: 'Memory for the uploads under way: each reserves four times its size, 20 MiB at most',
  }),
  UPLOAD_MIN_BYTES_PER_S: t.Integer({
    default: 8_192,
    minimum: 1,
    maximum: 1_000_000_000,
    description: 'The slowest sender, on average, after 10 s; a slower one is cut off as `too_slow`',
  }),
  UPLOAD_TIMEOUT_MS: t.Integer({
    default: 900_000,
    minimum: 1_000,
    maximum: 86_400_000,
    description: 'The longest that one upload may take to arrive',
  }),
  WHOLE_DOWNLOAD_BYTES: t.Integer({
    default: 10 * MIB,
    minimum: 0,
    maximum: 256 * MIB,
    description:
      'Downloads up to this size are gathered in memory and state their Content-Length; larger ones are streamed in chunks',
  }),
  THUMBNAIL_CONCURRENCY: t.Integer({
    default: 2,
    minimum: 1,
    maximum: 64,
    description:
      "Thumbnails made at the same time, each by a process of its own; one uploader's images take half of them at most",
  }),
  THUMBNAIL_MEMORY_BYTES: t.Integer({
    default: 256 * MIB,
    minimum: MIB,
    maximum: 65_536 * MIB,
    description:
      'Memory for the images that are decoded at the same time, 4 bytes a pixel; a larger image is decoded alone',
  }),
  THUMBNAIL_TIMEOUT_MS: t.Integer({
    default: 10_000,
    minimum: 1,
    maximum: 600_000,
    description: 'The longest that one thumbnail may take; a longer one is ended, and the image has none',
  }),
  SWEEP_INTERVAL_MS: t.Integer({
    default: 3_600_000,
    minimum: 0,
    maximum: 604_800_000,
    description: 'How often rows and objects are compared and repaired, by one replica for all; `0` is never',
  }),
  SWEEP_GRACE_MS: t.Integer({
    default: 3_600_000,
    minimum: 0,
    maximum: 604_800_000,
    description: 'What is younger than this is not repaired: its upload may be under way',
  }),
});

export type FileConfig = Config<typeof FileVariables>;

/** The media types in the value of `ALLOWED_TYPES`. */
export const typesOf = (list: string): readonly string[] => list.split(',').map((type) => type.trim().toLowerCase());
