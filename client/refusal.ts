/** What a refusal over the socket means to the queue. */
import { retryableCodes } from './api/errors.ts';
import type { ServerFrame } from './api/frames.ts';

export type ErrorFrame = Extract<ServerFrame, { type: 'error' }>;

/** An event of the queue. */
export type Refusal =
  | { readonly type: 'postponed'; readonly clientId?: string | undefined; readonly retryAfterMs?: number | undefined }
  | { readonly type: 'refused'; readonly clientId: string; readonly fault: string };

/** @returns undefined for a refusal of something else than a message that is to be sent */
export const refusalOf = ({
  client_id: clientId,
  id,
  code,
  detail,
  retry_after_ms,
}: ErrorFrame): Refusal | undefined => {
  if (retryableCodes.has(code)) {
    // Over its rate the server refuses a frame without reading whose it is.
    return id === undefined ? { type: 'postponed', clientId, retryAfterMs: retry_after_ms } : undefined;
  }
  return clientId === undefined ? undefined : { type: 'refused', clientId, fault: detail };
};
