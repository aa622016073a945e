/** Finds and pins the public images in the text of `compose.yml` and the Dockerfile, which keep their comments. Pure. */

/** An image by name and tag, without a digest: `nginx:1.30-alpine`. */
type Image = string;

/** Matches `image:` of Compose and `FROM` of a Dockerfile: the text before the image's name, and the name. */
const NAMED = /^(\s*image:\s*|FROM\s+(?:--\S+\s+)?)(\S+)/gm;
const ARGUMENT = /^ARG\s+(\w+)=(\S+)/gm;
const STAGE = /^FROM\s.*\sAS\s+(\S+)/gim;

/** Replaces `${NAME:-default}` by its default and `${NAME}` by the value of an `ARG`. */
const expand = (name: string, args: ReadonlyMap<string, string>): string =>
  name
    .replace(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replace(/\$\{?(\w+)\}?/g, (reference, arg: string) => args.get(arg) ?? reference);

/** Whether an image comes from a registry: stages of the same file and images that are built here don't. */
const isPublic = (image: Image, stages: ReadonlySet<string>): boolean =>
  !stages.has(image) && image !== 'scratch' && !image.startsWith('parley/');

const replaceImages = (text: string, replace: (image: Image, written: string) => string): string => {
  const args = new Map([...text.matchAll(ARGUMENT)].map(([, name = '', value = '']) => [name, value]));
  const stages = new Set([...text.matchAll(STAGE)].map(([, stage = '']) => stage));
  return text.replace(NAMED, (line, before: string, written: string) => {
    const image = expand(written, args);
    return isPublic(image, stages) ? before + replace(image, written) : line;
  });
};

/** Each once, in the order of the file. */
export const publicImages = (text: string): Image[] => {
  const images = new Set<Image>();
  replaceImages(text, (image, written) => {
    images.add(image);
    return written;
  });
  return [...images];
};

/**
 * The same text with each public image by its tag and its digest. An image that has a digest keeps it.
 * @param digestOf `sha256:` and 64 hexadecimal digits
 */
export const pinImages = (text: string, digestOf: (image: Image) => string): string =>
  replaceImages(text, (image, written) => {
    if (image.includes('@')) return written;
    const digest = digestOf(image);
    // Inside `${NAME:-image}`, so that the variable still overrides the image.
    return written.endsWith('}') && written.includes(':-')
      ? `${written.slice(0, -1)}@${digest}}`
      : `${written}@${digest}`;
  });
