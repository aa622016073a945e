/** Small real files of every type, made on the spot. */
import { deflateSync } from 'node:zlib';

const crcOf = (bytes: Buffer): Buffer => {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(Bun.hash.crc32(bytes));
  return crc;
};

export const pngChunk = (name: string, content: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  return Buffer.concat([length, named, crcOf(named)]);
};

const pngOf = (width: number, height: number, rows: Buffer): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows)), pngChunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
};

const BLUE = [0, 0, 255] as const;
const RED = [255, 0, 0] as const;

/** A PNG whose left half is blue and right half red. */
export const png = (width: number, height: number): Buffer => {
  const pixel = (x: number) => (x < width / 2 ? BLUE : RED);
  const row = Buffer.from([0, ...Array.from({ length: width }, (_, x) => pixel(x)).flat()]);
  return pngOf(width, height, Buffer.concat(Array.from({ length: height }, () => row)));
};

/** The same with EXIF that says which side is up. */
export const pngOriented = (width: number, height: number, orientation: number): Buffer => {
  const exif = Buffer.from('49492a000800000001001201030001000000000000000000', 'hex');
  exif.writeUInt16LE(orientation, 18);
  const image = png(width, height);
  const headEnd = image.indexOf('IDAT') - 4;
  return Buffer.concat([image.subarray(0, headEnd), pngChunk('eXIf', exif), image.subarray(headEnd)]);
};

/** A PNG of a few hundred bytes that says it is enormous. */
export const pngBomb = (width: number, height: number): Buffer => pngOf(width, height, Buffer.alloc(100_000));

export const jpeg = async (width: number, height: number): Promise<Buffer> =>
  new Bun.Image(png(width, height)).jpeg({ quality: 95 }).buffer();

/** A JPEG with EXIF: an orientation, and a comment where a place would be. */
export const jpegWithExif = async (width: number, height: number, orientation: number, place: string) => {
  const entries = Buffer.alloc(2 + 2 * 12 + 4);
  entries.writeUInt16LE(2, 0);
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    entries.writeUInt16LE(tag, at);
    entries.writeUInt16LE(type, at + 2);
    entries.writeUInt32LE(count, at + 4);
    entries.writeUInt32LE(value, at + 8);
  };
  entry(2, 0x010e, 2, place.length + 1, 8 + entries.length);
  entry(14, 0x0112, 3, 1, orientation);
  const tiff = Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), entries, Buffer.from(`${place}\0`)]);
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const segment = Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff]);
  const plain = await jpeg(width, height);
  return Buffer.concat([plain.subarray(0, 2), segment, exif, plain.subarray(2)]);
};

export const webp = async (width: number, height: number): Promise<Buffer> =>
  new Bun.Image(png(width, height)).webp({ quality: 90 }).buffer();

export const riffChunk = (name: string, content: Uint8Array): Buffer => {
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
};

const putSize = (into: Buffer, at: number, width: number, height: number): Buffer => {
  into.writeUIntLE(width - 1, at, 3);
  into.writeUIntLE(height - 1, at + 3, 3);
  return into;
};

/** An animated WebP of two frames, both the picture of `webp`. */
export const animatedWebp = async (width: number, height: number): Promise<Buffer> => {
  const still = await webp(width, height);
  const picture = still.subarray(12);
  const canvas = putSize(Buffer.from([0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 4, width, height);
  const frame = riffChunk('ANMF', Buffer.concat([putSize(Buffer.alloc(16), 6, width, height), picture]));
  const parts = [Buffer.from('WEBP'), riffChunk('VP8X', canvas), riffChunk('ANIM', Buffer.alloc(6)), frame, frame];
  return riffChunk('RIFF', Buffer.concat(parts));
};

/** A GIF of one pixel, in as many frames as asked for. */
export const gif = (frames = 1): Buffer => {
  const head = Buffer.from('4749463839610100010080000000000000ffffff', 'hex');
  const frame = Buffer.from('21f90400000000002c00000000010001000002024401003b', 'hex').subarray(0, -1);
  return Buffer.concat([head.subarray(0, 19), ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])]);
};

export const pdf = (): Buffer =>
  Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  );

/** An empty archive: only its end record. */
export const zip = (): Buffer => Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');

/** An archive of stored entries, without its directory: readers of a stream know it by these. */
const archive = (entries: readonly (readonly [string, string])[]): Buffer => {
  const records = entries.map(([name, content]) => {
    const header = Buffer.alloc(30);
    header.write('PK\x03\x04', 'latin1');
    header.writeUInt16LE(20, 4);
    header.writeUInt32LE(Bun.hash.crc32(content), 14);
    header.writeUInt32LE(content.length, 18);
    header.writeUInt32LE(content.length, 22);
    header.writeUInt16LE(name.length, 26);
    return Buffer.concat([header, Buffer.from(name + content)]);
  });
  return Buffer.concat([...records, zip()]);
};

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';

export const docx = (): Buffer =>
  archive([
    ['[Content_Types].xml', `<Types><Override PartName="/word/document.xml" ContentType="${WORD}"/></Types>`],
    ['word/document.xml', '<w:document/>'],
  ]);

/** The beginning of an MP4, or of another format in its container: `heic`, `isom`, `M4A `. */
export const mp4 = (brand: string): Buffer => {
  const box = Buffer.alloc(24 + 600);
  box.writeUInt32BE(24, 0);
  box.write(`ftyp${brand}`, 4, 'latin1');
  box.write(brand === 'mif1' ? 'mif1heic' : `${brand}mp42`, 16, 'latin1');
  return box;
};

/** The beginning of a Compound File, the container of Word, Excel and PowerPoint files before 2007. */
export const cfb = (): Buffer => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);

/** A Java program: a ZIP with a manifest. */
export const jar = (): Buffer => archive([['META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\n']]);

/** The beginnings of programs: ELF, PE, Mach-O (both ways and fat), WebAssembly, Android's. */
export const programs = (): Buffer[] =>
  [
    '7f454c4602010100000000000000000002003e00',
    '4d5a90000300000004000000ffff0000b8000000',
    'cffaedfe07000001030000000200000010000000',
    'feedfacf01000007000000030000000200000010',
    'cafebabe00000002010000070000000300001000',
    '0061736d01000000',
    '6465780a30333500aabbccdd00000000',
  ].map((hex) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(300)]));

/** Bytes that are no known type and no text. */
export const noise = (size: number): Buffer => Buffer.alloc(size, Buffer.from([0x00, 0xfe, 0x01, 0xfd, 0x83]));

const WORDS = Buffer.from('Grüße, 世界! ');

/** UTF-8 of so many bytes, with characters of two and three. */
export const text = (size: number): Buffer => {
  const whole = size - (size % WORDS.length);
  return Buffer.alloc(size, WORDS).fill('.', whole);
};
