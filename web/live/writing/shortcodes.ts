/** `:smile:`, typed to its last colon, becomes the emoji. In code it stays as it is. */
import { typedShortcode } from './words.ts';

export const watchShortcodes = (field: HTMLTextAreaElement, signal: AbortSignal): void => {
  const replace = async (): Promise<void> => {
    const end = field.selectionStart;
    const typed = typedShortcode(field.value.slice(0, end));
    // At the first colon, so that the table is there at the last.
    const { emojiNamed } = await import('./emoji.ts');
    const character = typed && emojiNamed(typed.name);
    if (!character) return;
    const start = end - typed.text.length;
    if (field.value.slice(start, end) !== typed.text) return;
    // A caret right behind it goes along ('preserve' would select the emoji); one that was typed on with stays where it is.
    field.setRangeText(character, start, end, field.selectionEnd === end ? 'end' : 'preserve');
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };

  field.addEventListener(
    'input',
    (event) => {
      if (!(event instanceof InputEvent) || event.isComposing || event.data !== ':') return;
      // Without the table it stays as it was typed.
      void replace().catch(() => undefined);
    },
    { signal },
  );
};
