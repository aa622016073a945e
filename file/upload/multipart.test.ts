import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { boundaryOf, readParts } from './multipart.ts';

const BOUNDARY = '----parley1234';

interface Part {
  readonly name: string;
  readonly fileName?: string;
  readonly contentType?: string;
  readonly content: Uint8Array;
}

/** As RFC 7578 writes a form. */
const encode = (parts: readonly Part[], boundary = BOUNDARY): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ name, fileName, contentType, content }) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"`),
      Buffer.from(fileName === undefined ? '' : `; filename="${fileName}"`),
      Buffer.from(contentType === undefined ? '' : `\r\nContent-Type: ${contentType}`),
      Buffer.from('\r\n\r\n'),
      content,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);

async function* inChunks(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes);
}

const readAll = async (body: AsyncIterable<Uint8Array>, boundary = BOUNDARY) => {
  const parts = [];
  for await (const { chunks, ...part } of readParts(body, boundary)) {
    const pieces: Uint8Array[] = [];
    for await (const chunk of chunks) pieces.push(Buffer.from(chunk));
    parts.push({ ...part, content: Buffer.concat(pieces) });
  }
  return parts;
};

const readBytes = (bytes: Uint8Array, chunkBytes: number) => readAll(inChunks(bytes, chunkBytes));

/** Contents made of pieces of the delimiter, where a parser would stumble. */
const trickyContent = fc
  .array(
    fc.constantFrom('\r', '\n', '\r\n', '--', '-', BOUNDARY, `\r\n--${BOUNDARY.slice(0, -1)}`, 'a', '\0', '--\r\n'),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'))
  .filter((content) => !`\r\n${content.toString('latin1')}`.includes(`\r\n--${BOUNDARY}`));

const content = fc.oneof(trickyContent, fc.uint8Array({ maxLength: 300 }).map(Buffer.from));

describe('a multipart form', () => {
  test('comes back part by part, however its bytes are cut into chunks', async () => {
    const part = fc.record({ name: fc.constantFrom('file', 'other'), fileName: fc.constantFrom('a.txt', ''), content });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), fc.integer({ min: 1, max: 80 }), async (parts, chunkBytes) => {
        const read = await readBytes(encode(parts), chunkBytes);
        const expected = parts.map((part) => ({ ...part, contentType: undefined, content: Buffer.from(part.content) }));
        expect(read).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('is read as browsers and fetch write it', async () => {
    const form = new FormData();
    form.set('note', 'hello');
    form.set('file', new File(['content'], 'naïve "quoted" 世界.txt', { type: 'text/plain' }));
    const request = new Request('http://localhost', { method: 'POST', body: form });
    const boundary = boundaryOf(request.headers.get('content-type'));
    const parts = await readAll(request.body ?? inChunks(new Uint8Array(), 1), boundary);
    expect(parts.map(({ name, fileName }) => [name, fileName])).toEqual([
      ['note', undefined],
      ['file', 'naïve "quoted" 世界.txt'],
    ]);
    expect(parts[1]?.contentType).toStartWith('text/plain');
    expect(parts[1]?.content.toString()).toBe('content');
  });

  test('may have a preamble and an epilogue', async () => {
    const form = Buffer.concat([
      Buffer.from('preamble\r\n'),
      encode([{ name: 'a', content: Buffer.from('1') }]),
      Buffer.from('end'),
    ]);
    expect(await readBytes(form, 7)).toHaveLength(1);
  });

  test('that ends at any byte before its last boundary is refused, and so is nothing at all', async () => {
    const form = encode([{ name: 'file', fileName: 'a', content: Buffer.from('some content') }]);
    expect(await readBytes(form, 5)).toHaveLength(1);
    const end = form.lastIndexOf('--');
    for (let size = 0; size < end + 2; size += 1)
      await expect(readBytes(form.subarray(0, size), 16)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  const broken: Record<string, string> = {
    'a part without a disposition': `--${BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nx\r\n--${BOUNDARY}--`,
    'a part without a name': `--${BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--${BOUNDARY}--`,
    'a part that is no form-data': `--${BOUNDARY}\r\nContent-Disposition: attachment; name="a"\r\n\r\nx\r\n--${BOUNDARY}--`,
    'endless headers': `--${BOUNDARY}\r\n${'X: y\r\n'.repeat(10_000)}\r\n`,
    'no boundary at all': 'x'.repeat(100_000),
    'too many parts': encode(Array.from({ length: 101 }, () => ({ name: 'a', content: Buffer.alloc(0) }))).toString(),
  };
  for (const [name, text] of Object.entries(broken)) {
    test(`with ${name} is refused`, async () => {
      await expect(readBytes(Buffer.from(text), 1_000)).rejects.toMatchObject({ code: 'invalid_input' });
    });
  }

  test('never yields more than its bytes, whatever the bytes are', async () => {
    const pieces = fc.constantFrom(
      `--${BOUNDARY}`,
      '\r\n',
      '--',
      'Content-Disposition: form-data; name="file"; filename="x"',
      ':',
      '"',
      '\0',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(pieces, { maxLength: 15 }),
        fc.integer({ min: 1, max: 50 }),
        async (some, chunkBytes) => {
          const bytes = Buffer.from(some.join(''), 'latin1');
          const outcome = await readBytes(bytes, chunkBytes).catch((error: { code?: unknown }) => error.code);
          if (outcome !== 'invalid_input') expect(outcome).toBeArray();
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is read no further than it is asked for, and let go of when the reader leaves', async () => {
    let produced = 0;
    let isLetGo = false;
    async function* endless() {
      try {
        yield encode([{ name: 'file', fileName: 'a', content: Buffer.from('x') }]).subarray(
          0,
          -`\r\n--${BOUNDARY}--\r\n`.length,
        );
        for (; ; produced += 1) yield Buffer.alloc(1_000);
      } finally {
        isLetGo = true;
      }
    }
    for await (const part of readParts(endless(), BOUNDARY)) {
      for await (const _ of part.chunks) if (produced >= 3) break;
      break;
    }
    expect(produced).toBe(3);
    expect(isLetGo).toBeTrue();
  });
});

describe('a boundary', () => {
  test('is found quoted and unquoted, in any case, among other parameters', () => {
    expect(boundaryOf('multipart/form-data; boundary=abc')).toBe('abc');
    expect(boundaryOf('Multipart/Form-Data; charset=utf-8; Boundary="a b;c"')).toBe('a b;c');
  });

  test('is missed in anything else', () => {
    for (const type of [
      null,
      '',
      'text/plain',
      'multipart/mixed; boundary=a',
      'multipart/form-data',
      'multipart/form-data; boundary=',
    ])
      expect(() => boundaryOf(type)).toThrow();
  });
});
