/** Replaces a shortcode such as `:smile:` by its emoji when the last colon is typed, except in code. */
import { typedShortcode } from './words.ts';

export interface ShortcodesDeps {
  readonly field: HTMLTextAreaElement;
  readonly signal: AbortSignal;
}

export const watchShortcodes = ({ field, signal }: ShortcodesDeps): void => {
  const replace = async (): Promise<void> => {
    const end = field.selectionStart;
    const typed = typedShortcode(field.value.slice(0, end));
    // Loaded also at the first colon, so that the table is there at the last one.
    const { emojiNamed } = await import('./emoji.ts');
    const character = typed && emojiNamed(typed.name);
    if (!character) return;
    const start = end - typed.text.length;
    if (field.value.slice(start, end) !== typed.text) return;
    // With the caret right after the shortcode, 'preserve' would select the emoji. If the reader has typed on, the caret must not move.
    field.setRangeText(character, start, end, field.selectionEnd === end ? 'end' : 'preserve');
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };

  field.addEventListener(
    'input',
    (event) => {
      if (!(event instanceof InputEvent) || event.isComposing || event.data !== ':') return;
      // If the table can't be loaded, the shortcode stays as it is.
      void replace().catch(() => undefined);
    },
    { signal },
  );
};
