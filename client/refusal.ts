/** Translates an `error` frame of the socket into an event of the queue. */
import { retryableCodes } from './api/errors.ts';
import type { ServerFrame } from './api/frames.ts';

export type ErrorFrame = Extract<ServerFrame, { type: 'error' }>;

/** The event of the queue. */
export type Refusal =
  | { readonly type: 'postponed'; readonly clientId?: string | undefined; readonly retryAfterMs?: number | undefined }
  | { readonly type: 'refused'; readonly clientId: string; readonly fault: string };

/** @returns undefined when the frame isn't about a message that is being sent */
export const refusalOf = ({
  client_id: clientId,
  id,
  code,
  detail,
  retry_after_ms,
}: ErrorFrame): Refusal | undefined => {
  if (retryableCodes.has(code)) {
    // Chat refuses a frame over the rate limit without reading it, so the error doesn't name a message.
    return id === undefined ? { type: 'postponed', clientId, retryAfterMs: retry_after_ms } : undefined;
  }
  return clientId === undefined ? undefined : { type: 'refused', clientId, fault: detail };
};
