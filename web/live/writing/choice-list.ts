/** The list of choices under a field, of which one is selected. The focus stays in the field (ARIA: listbox with an active descendant). */
import { html } from '../../views/html.ts';
import { elementOf, elementsOf } from '../page/markup.ts';
import type { Choice } from './choices.ts';

export interface ChoiceList {
  /** Empty while the list is closed. */
  readonly choices: readonly Choice[];
  readonly selected: Choice | undefined;
  /** Replaces the list. Without choices, or when the field has lost the focus, it is closed. */
  show(choices: readonly Choice[]): void;
  close(): void;
  /** Selects the next or the previous choice; after the last comes the first. */
  step(step: 1 | -1): void;
  /** The choice that an element of the page belongs to. */
  at(target: EventTarget | null): Choice | undefined;
}

export const createChoiceList = (field: HTMLTextAreaElement): ChoiceList => {
  let list: HTMLElement | undefined;
  let choices: readonly Choice[] = [];
  let selected = 0;
  field.setAttribute('aria-autocomplete', 'list');

  const items = (): Element[] => [...(list?.children ?? [])];

  const select = (index: number): void => {
    selected = index;
    for (const [at, item] of items().entries()) {
      item.setAttribute('aria-selected', String(at === index));
      if (at === index) item.scrollIntoView({ block: 'nearest' });
    }
    field.setAttribute('aria-activedescendant', `choice-${index}`);
  };

  const close = (): void => {
    list?.remove();
    list = undefined;
    choices = [];
    field.removeAttribute('aria-activedescendant');
    field.removeAttribute('aria-controls');
  };

  return {
    get choices() {
      return choices;
    },
    get selected() {
      return choices[selected];
    },
    show: (found) => {
      close();
      if (found.length === 0 || document.activeElement !== field) return;
      choices = found;
      list = elementOf(html`<ul class="choices" id="choices" role="listbox" aria-label="Completions"></ul>`);
      list.append(
        ...elementsOf(
          html`${found.map(({ view }, index) => html`<li role="option" id="choice-${index}">${view}</li>`)}`,
        ),
      );
      field.form?.append(list);
      list.scrollIntoView({ block: 'nearest' });
      field.setAttribute('aria-controls', 'choices');
      select(0);
    },
    close,
    step: (step) => select((selected + step + choices.length) % choices.length),
    at: (target) => {
      const item = target instanceof Element ? target.closest('[role="option"]') : null;
      return item ? choices[items().indexOf(item)] : undefined;
    },
  };
};
