/** The room's messages that aren't stored yet, as the page shows them: pale, where they will stand, with buttons where one was refused. */
import { pending as pendingView } from '../../views/pending.ts';
import { elementOf } from '../page/markup.ts';
import { type Place, part } from '../page/room-context.ts';
import type { Outgoing } from './outbox.ts';

export interface Pending {
  /** Shows a message, in the place of an older state of it. */
  show(outgoing: Outgoing, isConnected: boolean): void;
  remove(clientId: string): void;
}

const elementFor = (clientId: string) => document.getElementById(`p-${clientId}`);

export const createPending = (
  { reader, signal }: Place,
  onAct: (clientId: string, act: string | undefined) => void,
): Pending => {
  const list = part('pending');
  const act = ({ target }: Event): void => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-act]') : null;
    const clientId = button?.closest<HTMLElement>('[data-client-id]')?.dataset.clientId;
    if (button && clientId) onAct(clientId, button.dataset.act);
  };
  list.addEventListener('click', act, { signal });
  list.replaceChildren();

  return {
    show: (outgoing, isConnected) => {
      const element = elementOf(pendingView(outgoing, reader, isConnected));
      const old = elementFor(outgoing.clientId);
      if (old) old.replaceWith(element);
      else list.append(element);
    },
    remove: (clientId) => elementFor(clientId)?.remove(),
  };
};
