// The program of a child process: reads an image from stdin and writes its thumbnail, a WebP, to stdout. Exits with 3 when the image
// can't be decoded. It is passed to Bun as a text, so that it runs from a compiled binary too; it must not import anything.
const [maxPixels, side, quality, orientation] = process.argv.slice(-4).map(Number);
/** By EXIF's orientations: first a turn, then a mirror. */
const degrees = { 3: 180, 5: 90, 6: 90, 7: 90, 8: 270 }[orientation];
const mirror = { 2: 'flop', 4: 'flip', 5: 'flop', 7: 'flip' }[orientation];
try {
  const image = new Bun.Image(await Bun.stdin.bytes(), { maxPixels });
  if (degrees) image.rotate(degrees);
  if (mirror) image[mirror]();
  const thumbnail = image.resize(side, side, { fit: 'inside', withoutEnlargement: true }).webp({ quality });
  await Bun.write(Bun.stdout, await thumbnail.bytes());
} catch (error) {
  if (!String(error?.code).startsWith('ERR_IMAGE')) throw error;
  process.exitCode = 3;
}
