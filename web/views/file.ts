/**
 * A file in a message. Its type and size are in the fragment of its URL, `...#type=image/png&size=1234&w=640&h=480`. So the page can
 * reserve the space of a picture and render a complete card without calling the file service. Browsers don't send fragments to servers.
 */
import { addressOf } from './address.ts';
import { type Html, html } from './html.ts';
import { icon } from './icon.ts';

const OURS = /^\/api\/files\/([\w-]{1,64})\/download$/;
const MAX_WIDTH = 420;
const MAX_HEIGHT = 320;
const UNKNOWN_SIZE = { width: 320, height: 240 };
const THUMBNAILED = /^image\/(jpeg|png|webp)$/;

/** The properties of a file that its message carries, besides name and address. */
export interface FileFacts {
  readonly type?: string;
  readonly sizeBytes?: number;
  readonly width?: number;
  readonly height?: number;
}

const positive = (text: string | null): number | undefined => {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
};

/** The address with the facts in its fragment. */
export const withFacts = (url: string, { type, sizeBytes, width, height }: FileFacts): string => {
  const facts = new URLSearchParams();
  if (type) facts.set('type', type);
  if (sizeBytes) facts.set('size', String(sizeBytes));
  if (width && height) {
    facts.set('w', String(width));
    facts.set('h', String(height));
  }
  return `${url}#${facts.toString().replaceAll('%2F', '/')}`;
};

/** Reads the fragment. Any sender may have written it: only valid numbers are used, and the type is only compared. */
export const factsOf = (fileUrl: string): FileFacts => {
  const facts = new URLSearchParams(fileUrl.split('#')[1] ?? '');
  const type = facts.get('type');
  const sizeBytes = positive(facts.get('size'));
  const width = positive(facts.get('w'));
  const height = positive(facts.get('h'));
  return {
    ...(type && { type }),
    ...(sizeBytes && { sizeBytes }),
    ...(width && height && { width, height }),
  };
};

/** `1.4 MB` */
export const sizeInWords = (bytes: number): string => {
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1_024)), units.length - 1);
  const value = bytes / 1_024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
};

/** Scales a picture down to the largest size that the page shows. Small pictures keep their size. */
export const fitWithin = (width: number, height: number): { width: number; height: number } => {
  const scale = Math.min(1, MAX_WIDTH / width, MAX_HEIGHT / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
};

const isPicture = (name: string, { type }: FileFacts): boolean =>
  type ? /^image\/(jpeg|png|gif|webp)$/.test(type) : /\.(jpe?g|png|gif|webp)$/i.test(name);

const picture = (href: string, id: string, name: string, facts: FileFacts): Html => {
  const { width, height } = facts.width && facts.height ? fitWithin(facts.width, facts.height) : UNKNOWN_SIZE;
  const source = THUMBNAILED.test(facts.type ?? '') ? `/api/files/${id}/thumbnail` : href;
  return html`<figure class="picture"><a href="${href}" target="_blank"><img src="${source}" alt="${name}" width="${width}" height="${height}" loading="lazy" decoding="async"></a><figcaption><bdi>${name}</bdi></figcaption></figure>`;
};

/** @param about the line below the name: the file's size or host */
const card = (href: string, name: string, about: Html): Html =>
  html`<a class="card" href="${href}" target="_blank" rel="noopener noreferrer nofollow">${icon('file')}<span><bdi>${name}</bdi><small>${about}</small></span></a>`;

/** @param fileUrl as the sender gave it: untrusted */
export const file = (name: string, fileUrl: string | null): Html => {
  const [href = ''] = (fileUrl ?? '').split('#');
  const id = OURS.exec(href)?.[1];
  const facts = factsOf(fileUrl ?? '');
  if (id && isPicture(name, facts)) return picture(href, id, name, facts);
  if (id) return card(href, name, html`${facts.sizeBytes ? sizeInWords(facts.sizeBytes) : 'File'}`);
  const elsewhere = addressOf(href);
  if (elsewhere?.host) return card(elsewhere.href, name, html`File at <bdi dir="ltr">${elsewhere.host}</bdi>`);
  return html`<p dir="auto">${name}</p>`;
};
