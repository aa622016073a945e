/** The view engine: a tagged template that escapes whatever isn't `Html` already. Used by the server and in the browser. */

/** Markup that may stand in a page as it is. Only `html` makes it, so its text has been escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template. `null`, `undefined` and `false` leave nothing; lists are joined. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it stands in HTML, as content or inside a quoted attribute. */
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const render = (value: Content): string => {
  if (value instanceof Html) return value.text;
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  return value.map(render).join('');
};

/** Markup of a template. Attribute values must be quoted in it. */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Html => {
  let text = parts[0] ?? '';
  for (let index = 0; index < values.length; index += 1) text += render(values[index]) + (parts[index + 1] ?? '');
  return new Html(text);
};

/** Puts more markup at the end of the paragraph that markup ends with; behind it, where it doesn't end with one. */
export const appendToLast = ({ text }: Html, more: Html): Html =>
  text.endsWith('</p>') ? new Html(`${text.slice(0, -'</p>'.length)}${more.text}</p>`) : new Html(text + more.text);

export const nothing = new Html('');

/** Joins with markup between, as `Array.join` does with text. */
export const joinHtml = (items: readonly Html[], between = ''): Html => new Html(items.map(render).join(between));
