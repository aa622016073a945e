/**
 * Determines the type of a file by its bytes. The name and the declared type are guesses of the sender's browser and decide nothing, with
 * one exception: a file that is called a web page or a program is refused.
 */
import { Failure } from '@parley/kit/errors/failure';
import { fileTypeFromBuffer } from 'file-type';
import { errors } from '../errors.ts';
import { describeRefusal } from './kinds.ts';
import { createTextCheck, type TextCheck } from './text.ts';

const PLAIN_TEXT = 'text/plain';
const ZIP = 'application/zip';

/** Other names of the same types. */
const ALIASES: Record<string, string> = {
  'image/jpg': 'image/jpeg',
  'image/apng': 'image/png',
  'application/x-zip-compressed': ZIP,
};

/** Files that a browser would run as a page of this origin, by type and by the ending of the name. */
const WEB_PAGE_TYPES = /^(text\/html|application\/xhtml\+xml|image\/svg(\+xml)?|text\/x-?html|multipart\/related)$/;
const WEB_PAGE_NAMES = /\.(html?|[xs]html?|xht|svgz?|mht(ml)?|hta)$/i;

/** Programs, by their types and by name endings that no document has. Scripts are not among them: they are text. */
const PROGRAM_TYPES =
  /^application\/(x-(ms-?dos-?program|msdownload|dosexec|msi|executable|elf|mach-o?-?binary|sharedlib|xpinstall)|vnd\.microsoft\.portable-executable|vnd\.android\.package-archive|java-archive|java-vm|wasm)$/;
const PROGRAM_NAMES =
  /\.(exe|scr|pif|cpl|dll|sys|msi|msp|msix|appx|(msix|appx)bundle|apks?|xapk|aab|ipa|jar|war|xpi|crx)$/i;

export interface JudgedFile {
  /** The first bytes, at least 4 KiB where the file has as many. */
  readonly head: Uint8Array;
  readonly name: string;
  /** The Content-Type that the sender declares. */
  readonly declaredType: string | undefined;
}

export interface Judgement {
  readonly contentType: string;
  /** For text: the check that must accept all bytes of the file, and find an encoding at the end. */
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

/** A web page or program by type passes when the operator allows that type. A name ending is refused under any other declared type. */
const refuseByName = (name: string, claimed: string, allowedTypes: readonly string[]): void => {
  const isWebPage = WEB_PAGE_TYPES.test(claimed);
  const isProgram = PROGRAM_TYPES.test(claimed);
  if ((isWebPage || isProgram) && allowedTypes.includes(claimed)) return;
  if (isWebPage || WEB_PAGE_NAMES.test(name))
    throw refused('it is called a web page or a drawing with code (HTML, SVG), which could run here; send it in a ZIP');
  if (isProgram || PROGRAM_NAMES.test(name)) throw refused(PROGRAM);
};

const PROGRAM = 'it is a program, and programs are not taken here';

/** Office documents and e-books (docx, odt, epub) are ZIP archives too. */
const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && [0x0304, 0x0506, 0x0708].includes(((head[2] ?? 0) << 8) | (head[3] ?? 0));

/** file-type knows a GIF by three letters, with which a text may begin ("GIF is a format"). */
const isRealSignature = (type: string, head: Uint8Array): boolean =>
  type !== 'image/gif' || /^GIF8[79]a/.test(Buffer.from(head.subarray(0, 6)).toString('latin1'));

const findSignature = async (head: Uint8Array): Promise<string | undefined> => {
  const found = await fileTypeFromBuffer(head);
  const type = found && canonicalType(found.mime);
  return type && isRealSignature(type, head) ? type : undefined;
};

/** Two bytes of any value can be letters of some code page ("Ъь" in KOI8-R is also an archive's signature), so they prove nothing. */
const SHORT_SIGNATURE_BYTES = 2;

const LONGEST_SIGNATURE_BYTES = 8;

/** The shortest beginning by which the type is recognized; the first four bytes where later bytes decide ("ustar" at 257). */
const findSignatureBytes = async (type: string, head: Uint8Array): Promise<Uint8Array> => {
  for (let length = SHORT_SIGNATURE_BYTES; length <= LONGEST_SIGNATURE_BYTES; length++)
    if ((await findSignature(head.subarray(0, length))) === type) return head.subarray(0, length);
  return head.subarray(0, 4);
};

/** Whether a text may begin with this signature: two bytes, or letters only ("BM", "ID3"). A real file of that type has control characters. */
const mayBeginText = async (type: string, head: Uint8Array): Promise<boolean> => {
  const signature = await findSignatureBytes(type, head);
  return signature.length <= SHORT_SIGNATURE_BYTES || signature.every((byte) => byte < 0x80);
};

/** The allowed type of a signature: its own, or ZIP for a kind of ZIP archive. */
const allowedOf = (type: string | undefined, head: Uint8Array, allowedTypes: readonly string[]) => {
  if (type && allowedTypes.includes(type)) return type;
  return isZip(head) && allowedTypes.includes(ZIP) ? ZIP : undefined;
};

/**
 * The type of a file by its first bytes.
 * @throws {Failure} `wrong_media_type` for types that aren't allowed, for web pages and for programs
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

/** Bytes don't tell `text/csv` from other text: where the operator allows it, the declared type decides. @throws {Failure} `wrong_media_type` */
const textType = (claimed: string, name: string, allowedTypes: readonly string[]): string => {
  if (claimed.startsWith('text/') && allowedTypes.includes(claimed)) return claimed;
  if (allowedTypes.includes(PLAIN_TEXT)) return PLAIN_TEXT;
  throw refused(describeRefusal(PLAIN_TEXT, name, allowedTypes));
};
