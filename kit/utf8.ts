/**
 * Holds requests to UTF-8. By itself the runtime reads a broken sequence as U+FFFD, in addresses and in JSON alike, and a client
 * would find something else stored than it sent.
 */
import { Failure } from './errors.ts';

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

/** @throws {Failure} `invalid_input` when percent-encoded parts of the address aren't UTF-8 */
const checkAddress = (url: string): void => {
  if (!url.includes('%')) return;
  try {
    decodeURIComponent(url);
  } catch (error) {
    throw new Failure('invalid_input', 'The address is not percent-encoded UTF-8', { cause: error });
  }
};

/**
 * Checks the request's address at once, and its JSON when it is read as such.
 * @throws {Failure} `invalid_input` for the address; the reading of the JSON rejects with a `TypeError`
 */
export const holdToUtf8 = (request: Request): void => {
  checkAddress(request.url);
  request.json = async () => JSON.parse(strictDecoder.decode(await request.arrayBuffer()));
};
