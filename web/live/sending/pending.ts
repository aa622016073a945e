/** Shows the room's unacknowledged messages below the log. A refused one has buttons to retry, edit or discard it. */
import { pending as pendingView } from '../../views/pending.ts';
import { findElement, requireElement } from '../page/elements.ts';
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
  /** A button was pressed. @param act its `data-act` */
  onAct(clientId: string, act: string | undefined): void;
}

const elementFor = (clientId: string) => findElement(`p-${clientId}`);

export const createPending = ({ context, onAct }: PendingDeps): Pending => {
  const { reader, signal } = context;
  const list = requireElement('pending');
  const onClick = ({ target }: Event): void => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-act]') : null;
    const clientId = button?.closest<HTMLElement>('[data-client-id]')?.dataset.clientId;
    if (button && clientId) onAct(clientId, button.dataset.act);
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
