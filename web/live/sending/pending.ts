/** Shows the room's unacknowledged messages below the log. A refused one has buttons to retry, edit or discard it. */
import { type Act, pendingElementId } from '../../views/ids.ts';
import { pending as pendingView } from '../../views/pending.ts';
import { dataOf, requireElement } from '../page/elements.ts';
import { elementOf } from '../page/markup.ts';
import type { RoomContext } from '../page/room-context.ts';
import type { Outgoing } from './outbox.ts';

export interface Pending {
  /** Shows a message, or its new state. */
  show(outgoing: Outgoing, isConnected: boolean): void;
  remove(clientId: string): void;
}

export interface PendingDeps {
  readonly context: Pick<RoomContext, 'reader' | 'signal'>;
  /** Called when a button of a refused message is pressed. */
  onAct(clientId: string, act: Act): void;
}

const elementFor = (clientId: string) => document.getElementById(pendingElementId(clientId));

export const createPending = ({ context, onAct }: PendingDeps): Pending => {
  const { reader, signal } = context;
  const list = requireElement('pending');
  const onClick = ({ target }: Event): void => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-act]') : null;
    const item = button?.closest<HTMLElement>('[data-client-id]');
    const clientId = item ? dataOf(item).clientId : undefined;
    if (button && clientId) onAct(clientId, dataOf(button).act as Act);
  };
  list.addEventListener('click', onClick, { signal });
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
