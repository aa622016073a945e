/** What a refused file is in the words that people use for it, and what its sender can do. Pure. */

const ZIP = 'application/zip';

/** Short names of the types that are allowed unless the operator says otherwise. */
const SHORT_NAMES: Record<string, string> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/gif': 'GIF',
  'image/webp': 'WebP',
  'application/pdf': 'PDF',
  'text/plain': 'text',
  [ZIP]: 'ZIP',
};

/** The kinds of files that a type or a name stands for. The first kind whose type matches, and whose name does where it has one, counts. */
interface Kind {
  readonly type: RegExp;
  readonly name?: RegExp;
  /** As in "it is ...". */
  readonly what: string;
  /** The type to convert the file to, where people's programs can; offered when that type is allowed. */
  readonly convertTo?: string;
}

const KINDS: readonly Kind[] = [
  { type: /^image\/hei[cf]/, what: 'an iPhone photo (HEIC)', convertTo: 'image/jpeg' },
  { type: /^image\/avif$/, what: 'an AVIF picture', convertTo: 'image/jpeg' },
  { type: /^image\/tiff$/, what: 'a TIFF picture', convertTo: 'image/jpeg' },
  { type: /^image\/bmp$/, what: 'a bitmap picture (BMP)', convertTo: 'image/png' },
  { type: /^image\/x-(icon|icns)$|^image\/icns$/, what: 'an icon', convertTo: 'image/png' },
  { type: /^image\/vnd\.adobe\.photoshop$/, what: 'a Photoshop picture', convertTo: 'image/png' },
  { type: /^image\/vnd\.dwg$/, what: 'an AutoCAD drawing (DWG)', convertTo: 'application/pdf' },
  {
    type: /^image\/x-(adobe|canon|fujifilm|nikon|olympus|panasonic|sony)/,
    what: 'a raw photo of a camera',
    convertTo: 'image/jpeg',
  },
  // Both hold the same container; programs that record sound name it video now and then.
  { type: /^(video|audio)\//, name: /\.(m4[abpr]|aac|mp3|oga|opus|wma|weba|mka)$/i, what: 'a sound recording' },
  { type: /^audio\//, what: 'a sound recording' },
  { type: /^(video\/|application\/(mxf|vnd\.ms-asf|vnd\.rn-realmedia)$)/, what: 'a video' },
  { type: /^application\/ogg$/, what: 'a recording (Ogg)' },
  { type: /^image\//, what: 'a picture of another kind', convertTo: 'image/jpeg' },
  // A document of today with a password is wrapped in the container of older ones.
  {
    type: /^application\/x-cfb$/,
    name: /\.(doc|xls|ppt)[xm]$/i,
    what: 'an Office file with a password',
    convertTo: 'application/pdf',
  },
  {
    type: /^application\/x-cfb$/,
    name: /\.do[ct]$/i,
    what: 'an older Word file (.doc)',
    convertTo: 'application/pdf',
  },
  {
    type: /^application\/x-cfb$/,
    name: /\.xl[stm]$/i,
    what: 'an older Excel file (.xls)',
    convertTo: 'application/pdf',
  },
  {
    type: /^application\/x-cfb$/,
    name: /\.(ppt|pps|pot)$/i,
    what: 'an older PowerPoint file (.ppt)',
    convertTo: 'application/pdf',
  },
  { type: /^application\/(x-cfb|vnd\.ms-outlook)$/, name: /\.(msg|pst)$/i, what: 'an Outlook message' },
  { type: /^application\/vnd\.ms-outlook$/, what: 'an Outlook mailbox' },
  {
    type: /^application\/(x-cfb|vnd\.visio)$/,
    what: 'an older Office file (Word, Excel or PowerPoint)',
    convertTo: 'application/pdf',
  },
  { type: /wordprocessingml|ms-word/, what: 'a Word file', convertTo: 'application/pdf' },
  { type: /spreadsheetml|ms-excel/, what: 'an Excel file', convertTo: 'application/pdf' },
  { type: /presentationml|ms-powerpoint/, what: 'a PowerPoint file', convertTo: 'application/pdf' },
  { type: /opendocument/, what: 'a LibreOffice document', convertTo: 'application/pdf' },
  { type: /vnd\.apple\.pages/, what: 'a Pages document', convertTo: 'application/pdf' },
  { type: /vnd\.apple\.numbers/, what: 'a Numbers spreadsheet', convertTo: 'application/pdf' },
  { type: /vnd\.apple\.keynote/, what: 'a Keynote presentation', convertTo: 'application/pdf' },
  { type: /rtf$/, what: 'a Rich Text document (RTF)', convertTo: 'application/pdf' },
  { type: /postscript$|\/eps$/, what: 'a PostScript document', convertTo: 'application/pdf' },
  { type: /epub|mobipocket/, what: 'an e-book' },
  { type: /x-7z/, what: 'a 7z archive' },
  { type: /x-rar/, what: 'a RAR archive' },
  { type: /gzip$/, what: 'a gzip archive' },
  { type: /x-tar$/, what: 'a TAR archive' },
  { type: /(bzip2|x-xz|lzip|zstd|compress(ed)?|x-lz4|x-arj|x-cpio|x-ace-compressed)$/, what: 'an archive' },
  { type: /^application\/zip$/, what: 'a ZIP archive' },
  { type: /diskimage|iso9660/, what: 'a disk image' },
  { type: /sqlite|parquet|avro|arrow/, what: 'a database' },
  { type: /^font\/|fontobject/, what: 'a font' },
  { type: /^model\//, what: 'a 3D model' },
  { type: /^application\/pdf$/, what: 'a PDF' },
  { type: /^text\//, what: 'text' },
];

const listOf = (types: readonly string[]): string => types.map((type) => SHORT_NAMES[type] ?? type).join(', ');

/** @param type by the bytes; undefined when they have no known signature */
const kindOf = (type: string | undefined, name: string): Pick<Kind, 'what' | 'convertTo'> => {
  if (type === undefined) return { what: 'of an unknown kind' };
  return (
    KINDS.find((kind) => kind.type.test(type) && (kind.name?.test(name) ?? true)) ?? {
      what: 'of a kind that is not taken',
    }
  );
};

/**
 * Why a file of this type is refused: what it is, what to do, and which types are taken.
 * @param type by the bytes; undefined when they have no known signature
 */
export const describeRefusal = (type: string | undefined, name: string, allowedTypes: readonly string[]): string => {
  const { what, convertTo } = kindOf(type, name);
  const remedies = [
    convertTo !== undefined && allowedTypes.includes(convertTo) ? `save it as ${SHORT_NAMES[convertTo]}` : [],
    allowedTypes.includes(ZIP) ? 'send it in a ZIP' : [],
  ].flat();
  const remedy = remedies.length > 0 ? `: ${remedies.join(' or ')}` : '';
  return `it is ${what}${remedy}; taken are ${listOf(allowedTypes)}`;
};
