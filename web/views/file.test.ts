import { describe, expect, test } from 'bun:test';
import { factsOf, file, fitWithin, sizeInWords, withFacts } from './file.ts';

const OURS = '/api/files/3f1c/download';

describe('a file in a message', () => {
  test('has its properties in the fragment of its address', () => {
    const facts = { type: 'image/png', sizeBytes: 1_234, width: 640, height: 480 };
    const address = withFacts(OURS, facts);
    expect(address).toBe(`${OURS}#type=image/png&size=1234&w=640&h=480`);
    expect(factsOf(address)).toEqual(facts);
  });

  test('that is a picture has its space reserved within limits, whatever the sender’s size', () => {
    expect(fitWithin(640, 480)).toEqual({ width: 420, height: 315 });
    expect(fitWithin(10, 5)).toEqual({ width: 10, height: 5 });
    expect(fitWithin(1, 1_000_000)).toEqual({ width: 1, height: 320 });
    for (const facts of ['w=1e999&h=1', 'w=-1&h=5', 'w=1.5&h=2', 'w=0&h=0', 'w=a&h=b', 'w=99999999999999999999&h=1'])
      expect(factsOf(`${OURS}#${facts}`)).toEqual({});
    const markup = file('a.png', withFacts(OURS, { type: 'image/png', width: 840, height: 400 })).text;
    expect(markup).toContain('src="/api/files/3f1c/thumbnail" alt="a.png" width="420" height="200"');
    expect(file('a.png', OURS).text).toContain('width="320" height="240"');
  });

  test('of this server that is no picture is a card with its size', () => {
    const markup = file('a.zip', withFacts(OURS, { type: 'application/zip', sizeBytes: 2_500_000 })).text;
    expect(markup).toContain('class="card"');
    expect(markup).toContain('2.4 MB');
  });

  test('of another host is never loaded, and without an address only the name is shown', () => {
    expect(file('a.png', 'https://evil.example/a.png').text).not.toContain('<img');
    expect(file('a.pdf', 'https://EVIL.example:8443/a.pdf').text).toContain(
      '<small>File at <bdi dir="ltr">evil.example:8443</bdi></small>',
    );
    for (const address of [
      'https://bank.example@evil.example/a.png',
      'https://evil.example/\\a',
      null,
      '',
      'javascript:x',
      'data:x',
      '//evil.example/x',
      '/api/files/../x/download',
      '/sign-out',
    ])
      expect(file('a.png', address).text).toBe('<p dir="auto">a.png</p>');
  });

  test('has its size in words', () => {
    expect([0, 999, 1_024, 10_240, 5_000_000].map(sizeInWords)).toEqual(['0 B', '999 B', '1.0 KB', '10 KB', '4.8 MB']);
  });
});
