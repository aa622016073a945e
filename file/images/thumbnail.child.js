// The program of a child process: reads an image from stdin and writes its thumbnail, a WebP, to stdout. Exits with 3 when the image
// can't be decoded. It is passed to Bun as a text, so that it runs from a compiled binary too; it must not import anything.
const [maxPixels, side, quality] = process.argv.slice(-3).map(Number);
try {
  const image = new Bun.Image(await Bun.stdin.bytes(), { maxPixels });
  const thumbnail = image.resize(side, side, { fit: 'inside', withoutEnlargement: true }).webp({ quality });
  await Bun.write(Bun.stdout, await thumbnail.bytes());
} catch (error) {
  if (!String(error?.code).startsWith('ERR_IMAGE')) throw error;
  process.exitCode = 3;
}
