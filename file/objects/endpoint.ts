/** Turns `MINIO_ENDPOINT` into the settings of an S3 client. Pure. */

export interface Endpoint {
  /** Absent for Amazon S3: the client finds the address by the region. */
  readonly url?: string;
  readonly region: string;
  /** True: the bucket is in the path (MinIO and most others). False: in the host name (Amazon). */
  readonly forcePathStyle: boolean;
}

const DEFAULT_REGION = 'us-east-1';
const AMAZON = /^s3(?:[.-]([a-z0-9-]+))?\.amazonaws\.com$/;

/** @param endpoint `host:port` is plain http; `https://host[:port]`; `s3.amazonaws.com` or `s3.REGION.amazonaws.com` */
export const parseEndpoint = (endpoint: string, region?: string): Endpoint => {
  const url = /^https?:\/\//.test(endpoint) ? endpoint : `http://${endpoint}`;
  const amazon = AMAZON.exec(new URL(url).hostname);
  if (amazon) return { region: region ?? amazon[1] ?? DEFAULT_REGION, forcePathStyle: false };
  return { url, region: region ?? DEFAULT_REGION, forcePathStyle: true };
};
