/** Which requests may read bytes that users chose. Downloads and thumbnails share it. */
import { Failure } from '@parley/kit/errors/failure';
import type { Identity } from '@parley/kit/identity/identity';
import { errors } from '../errors.ts';

/** The header that htmx sends with every request. htmx inserts the body of any answer into the page. */
const SWAP_HEADER = 'HX-Request';

interface AnswerHeaders {
  readonly headers: Record<string, unknown>;
}

/**
 * Admits a request for a file's bytes. Sets `Vary`, and `Cross-Origin-Resource-Policy`: in the open contract pages on any port of the same
 * host may embed the bytes, such as a developer's own page; with proven users only this origin.
 * @throws {Failure} `forbidden` for a request of htmx, `unauthenticated`
 */
export const admitReader = async ({ headers }: Request, set: AnswerHeaders, identity: Identity): Promise<void> => {
  set.headers.vary = [set.headers.vary, SWAP_HEADER].filter(Boolean).join(', ');
  set.headers['cross-origin-resource-policy'] = identity.isOpen ? 'same-site' : 'same-origin';
  if (headers.has(SWAP_HEADER))
    throw new Failure(
      errors.forbidden,
      `A file is never swapped into a page: ask for it without the header ${SWAP_HEADER}`,
    );
  await identity.requireAnyone(headers);
};
