/** Who may read bytes that users chose, and by which kind of request. Downloads and thumbnails share it. */
import { Failure } from '@parley/kit/errors/failure';
import type { Identity } from '@parley/kit/identity/identity';
import { errors } from '../errors.ts';

/** The header that htmx sends with every request. htmx inserts the body of any answer into the page. */
const SWAP_HEADER = 'HX-Request';

interface Answering {
  readonly headers: Record<string, unknown>;
}

/**
 * Admits a request for a file's bytes. Sets `Vary`, and who may embed the answer: in the open contract any port of the same host, for
 * a developer's own page; with proven users this origin alone.
 * @throws {Failure} `forbidden` for a request of htmx, `unauthenticated`
 */
export const admitReader = async ({ headers }: Request, set: Answering, identity: Identity): Promise<void> => {
  set.headers.vary = [set.headers.vary, SWAP_HEADER].filter(Boolean).join(', ');
  set.headers['cross-origin-resource-policy'] = identity.isOpen ? 'same-site' : 'same-origin';
  if (headers.has(SWAP_HEADER))
    throw new Failure(
      errors.forbidden,
      `A file is never swapped into a page: ask for it without the header ${SWAP_HEADER}`,
    );
  await identity.requireAnyone(headers);
};
