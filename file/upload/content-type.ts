/**
 * What a file is, judged by its bytes. A name or a declared type is a guess of the sender's browser and decides nothing, with one
 * exception: what is called a web page or a program is refused.
 */
import { Failure } from '@parley/kit/errors/failure';
import { fileTypeFromBuffer } from 'file-type';
import { errors } from '../errors.ts';
import { describeRefusal } from './kinds.ts';
import { createTextCheck, type TextCheck } from './text.ts';

const PLAIN_TEXT = 'text/plain';
const ZIP = 'application/zip';

/** Names that programs give to the same type. */
const ALIASES: Record<string, string> = {
  'image/jpg': 'image/jpeg',
  'image/apng': 'image/png',
  'application/x-zip-compressed': ZIP,
};

/** What a browser would run as a page of this origin, by type and by the ending of a name. */
const WEB_PAGE_TYPES = /^(text\/html|application\/xhtml\+xml|image\/svg(\+xml)?|text\/x-?html|multipart\/related)$/;
const WEB_PAGE_NAMES = /\.(html?|[xs]html?|xht|svgz?|mht(ml)?|hta)$/i;

/** Programs, by the types that senders and signatures give them and by endings that no document has. Scripts are source code: text. */
const PROGRAM_TYPES =
  /^application\/(x-(ms-?dos-?program|msdownload|dosexec|msi|executable|elf|mach-o?-?binary|sharedlib|xpinstall)|vnd\.microsoft\.portable-executable|vnd\.android\.package-archive|java-archive|java-vm|wasm)$/;
const PROGRAM_NAMES =
  /\.(exe|scr|pif|cpl|dll|sys|msi|msp|msix|appx|(msix|appx)bundle|apks?|xapk|aab|ipa|jar|war|xpi|crx)$/i;

export interface JudgedFile {
  /** The first bytes, at least 4 KiB where the file has as many. */
  readonly head: Uint8Array;
  readonly name: string;
  /** What the sender says it is. */
  readonly declaredType: string | undefined;
}

export interface Judgement {
  readonly contentType: string;
  /** For text: must accept all bytes from the first, and find an encoding at the end. */
  readonly text?: TextCheck;
}

/** `Image/JPG; q=1` as `image/jpeg`. */
const canonicalType = (type: string): string => {
  const name = type.split(';')[0]?.trim().toLowerCase() ?? '';
  return ALIASES[name] ?? name;
};

/** Windows drops dots and spaces at the end of a name. */
const withoutTail = (name: string): string => name.replace(/[\s.]+$/, '');

const refused = (why: string): Failure => new Failure(errors.wrong_media_type, `file: ${why}`);

/** What an operator allows by its type may be called by its name, too. A type that every file may claim excuses no name. */
const refuseByName = (name: string, claimed: string, allowedTypes: readonly string[]): void => {
  const isWebPage = WEB_PAGE_TYPES.test(claimed);
  const isProgram = PROGRAM_TYPES.test(claimed);
  if ((isWebPage || isProgram) && allowedTypes.includes(claimed)) return;
  if (isWebPage || WEB_PAGE_NAMES.test(name))
    throw refused('it is called a web page or a drawing with code (HTML, SVG), which could run here; send it in a ZIP');
  if (isProgram || PROGRAM_NAMES.test(name)) throw refused(PROGRAM);
};

const PROGRAM = 'it is a program, and programs are not taken here';

/** Archives of documents (docx, odt, epub) are ZIP by their bytes. */
const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && [0x0304, 0x0506, 0x0708].includes(((head[2] ?? 0) << 8) | (head[3] ?? 0));

/** "GIF is a format": three letters are no signature. */
const isReally = (type: string, head: Uint8Array): boolean =>
  type !== 'image/gif' || /^GIF8[79]a/.test(Buffer.from(head.subarray(0, 6)).toString('latin1'));

const findSignature = async (head: Uint8Array): Promise<string | undefined> => {
  const found = await fileTypeFromBuffer(head);
  const type = found && canonicalType(found.mime);
  return type && isReally(type, head) ? type : undefined;
};

/** Any two bytes may be letters of a code page ("Ъь" in KOI8-R is also an archive's signature): a signature this short proves nothing. */
const SHORT_SIGNATURE_BYTES = 2;

const LONGEST_SIGNATURE_BYTES = 8;

/** The fewest first bytes by which the type is known; the first four where bytes further in decide ("ustar" at 257). */
const findSignatureBytes = async (type: string, head: Uint8Array): Promise<Uint8Array> => {
  for (let length = SHORT_SIGNATURE_BYTES; length <= LONGEST_SIGNATURE_BYTES; length++)
    if ((await findSignature(head.subarray(0, length))) === type) return head.subarray(0, length);
  return head.subarray(0, 4);
};

/** A signature of two bytes or of letters only ("BM", "ID3") may begin a text. A real such file has control characters: it is no text. */
const mayBeginText = async (type: string, head: Uint8Array): Promise<boolean> => {
  const signature = await findSignatureBytes(type, head);
  return signature.length <= SHORT_SIGNATURE_BYTES || signature.every((byte) => byte < 0x80);
};

/** The allowed type by which a signature is known: its own, or ZIP for what is one. */
const allowedOf = (type: string | undefined, head: Uint8Array, allowedTypes: readonly string[]) => {
  if (type && allowedTypes.includes(type)) return type;
  return isZip(head) && allowedTypes.includes(ZIP) ? ZIP : undefined;
};

/**
 * The type of a file, by its beginning.
 * @throws {Failure} `wrong_media_type` for what isn't allowed, for web pages and for programs
 */
export const judgeType = async (
  { head, name, declaredType }: JudgedFile,
  allowedTypes: readonly string[],
): Promise<Judgement> => {
  const claimed = canonicalType(declaredType ?? '');
  refuseByName(withoutTail(name), claimed, allowedTypes);
  const signature = await findSignature(head);
  const isProgram = signature !== undefined && PROGRAM_TYPES.test(signature);
  if (isProgram && isZip(head)) throw refused(PROGRAM);
  const contentType = allowedOf(signature, head, allowedTypes);
  if (contentType) return { contentType };
  const mayBeEightBit = signature === undefined || (await mayBeginText(signature, head));
  if (createTextCheck(head, mayBeEightBit).accepts(head))
    return { contentType: textType(claimed, name, allowedTypes), text: createTextCheck(head, mayBeEightBit) };
  if (isProgram) throw refused(PROGRAM);
  throw refused(describeRefusal(signature, withoutTail(name), allowedTypes));
};

/** Where an operator allows `text/csv`, only the sender can say that a text is one. @throws {Failure} `wrong_media_type` */
const textType = (claimed: string, name: string, allowedTypes: readonly string[]): string => {
  if (claimed.startsWith('text/') && allowedTypes.includes(claimed)) return claimed;
  if (allowedTypes.includes(PLAIN_TEXT)) return PLAIN_TEXT;
  throw refused(describeRefusal(PLAIN_TEXT, name, allowedTypes));
};
