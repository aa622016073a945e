/** The view engine: a tagged template that escapes every value except `Html`. Runs on the server and in the browser. */

/** Safe markup: made by this module's functions and by constants only, never from unescaped text. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** The values of a template. `null`, `undefined` and `false` render as nothing; lists are joined. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for content and quoted attributes. */
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const render = (value: Content): string => {
  if (value instanceof Html) return value.text;
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  return value.map(render).join('');
};

/** The template tag. Attribute values in the template must be quoted. */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Html => {
  let text = parts[0] ?? '';
  for (let index = 0; index < values.length; index += 1) text += render(values[index]) + (parts[index + 1] ?? '');
  return new Html(text);
};

/** Adds markup at the end of the last paragraph, or after the markup if that doesn't end with a paragraph. */
export const appendToLast = ({ text }: Html, more: Html): Html =>
  text.endsWith('</p>') ? new Html(`${text.slice(0, -'</p>'.length)}${more.text}</p>`) : new Html(text + more.text);

export const nothing = new Html('');

/** Joins like `Array.join`. @param between trusted markup */
export const joinHtml = (items: readonly Html[], between = ''): Html => new Html(items.map(render).join(between));
