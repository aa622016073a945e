/** What a file is, judged by its bytes. The sender's word can only make it refused, never accepted. */
import { isUtf8 } from 'node:buffer';
import { Failure } from '@parley/kit/errors';
import { fileTypeFromBuffer } from 'file-type';

const PLAIN_TEXT = 'text/plain';

/** Names that programs give to the same type. */
const ALIASES: Record<string, string> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/apng': 'image/png',
  'application/x-pdf': 'application/pdf',
  'application/x-zip': 'application/zip',
  'application/x-zip-compressed': 'application/zip',
};

/** Declared by programs that don't know. */
const NO_CLAIM = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

/** `Image/JPG; q=1` as `image/jpeg`. */
const canonicalType = (type: string): string => {
  const name = type.split(';')[0]?.trim().toLowerCase() ?? '';
  return ALIASES[name] ?? name;
};

const refused = (what: string): Failure => new Failure('wrong_media_type', `file: ${what}`);

/**
 * The type of a file, by its beginning.
 * @param head the first bytes, at least 4 KiB where the file has as many
 * @param declaredType what the sender says it is
 * @throws {Failure} `wrong_media_type` when the type isn't allowed, or the sender says another one
 */
export const judgeType = async (
  head: Uint8Array,
  declaredType: string | undefined,
  allowedTypes: readonly string[],
): Promise<string> => {
  const claimed = canonicalType(declaredType ?? '');
  const found = await findType(head, allowedTypes);
  const judged = isTextualClaim(claimed, found, allowedTypes) ? claimed : found;
  if (!judged || !allowedTypes.includes(judged))
    throw refused(`its bytes are ${judged ?? 'of no known type'}; allowed are ${allowedTypes.join(', ')}`);
  if (!NO_CLAIM.has(claimed) && claimed !== judged)
    throw refused(`it is declared as ${claimed}, but its bytes are ${judged}`);
  return judged;
};

/** A signature of few letters ("BM", "MZ") may begin a text too: only one that is allowed goes before text. */
const findType = async (head: Uint8Array, allowedTypes: readonly string[]): Promise<string | undefined> => {
  const found = await fileTypeFromBuffer(head);
  const type = found && canonicalType(found.mime);
  if (type && allowedTypes.includes(type)) return type;
  const text = createTextCheck();
  return text.accepts(head) ? PLAIN_TEXT : type;
};

/** Where an operator allows `text/csv`, only the sender can say that a text is one. */
const isTextualClaim = (claimed: string, found: string | undefined, allowedTypes: readonly string[]): boolean =>
  found === PLAIN_TEXT && claimed.startsWith('text/') && allowedTypes.includes(claimed);

export const isText = (type: string): boolean => type.startsWith('text/');

export interface TextCheck {
  /** Whether the bytes so far may be text; a character may be cut at the end. */
  accepts(chunk: Uint8Array): boolean;
  /** Whether all of them are: no character is cut. */
  isWhole(): boolean;
}

/** Text is UTF-8 without control characters other than those of lines, tabs, bells' neighbours and terminal colours. */
export const createTextCheck = (): TextCheck => {
  let cut: Uint8Array = new Uint8Array();

  /** The character that is cut, with what is missing of it from the next chunk. */
  const mend = (chunk: Uint8Array): Uint8Array =>
    Buffer.concat([cut, chunk.subarray(0, lengthOf(cut[0] ?? 0) - cut.length)]);

  return {
    accepts: (chunk) => {
      if (hasControls(chunk)) return false;
      const mended = cut.length > 0 ? mend(chunk) : cut;
      const rest = chunk.subarray(mended.length - cut.length);
      if (rest.length === 0 && mended.length < lengthOf(mended[0] ?? 0)) {
        cut = mended;
        return true;
      }
      const end = rest.length - cutLength(rest);
      cut = rest.slice(end);
      return isUtf8(mended) && isUtf8(rest.subarray(0, end));
    },
    isWhole: () => cut.length === 0,
  };
};

const TEXT_CONTROLS = new Set([8, 9, 10, 12, 13, 27]);
const FIRST_PRINTABLE = 32;
const DELETE = 127;

const hasControls = (chunk: Uint8Array): boolean => {
  for (const byte of chunk) if ((byte < FIRST_PRINTABLE && !TEXT_CONTROLS.has(byte)) || byte === DELETE) return true;
  return false;
};

/** How many bytes a character has, by its first. */
const lengthOf = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);

/** How many bytes at the end are the beginning of a character that needs more. */
const cutLength = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0;
  }
  return 0;
};
