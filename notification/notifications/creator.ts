/** Who may create which notification. Pure. */
import { Failure } from '@parley/kit/errors/failure';
import type { Proof } from '@parley/kit/identity/identity';
import { errors } from '../errors.ts';
import type { NewNotification } from './rules.ts';

/** Who creates a notification. Idempotency keys and the rate limit are kept per creator. */
export interface Creator {
  readonly id: string;
  /** True for a service of the suite, which limits its own creations: the rate limit does not apply. */
  readonly isService: boolean;
}

/**
 * The creator of a notification. In open mode it is the `from_user`, or without one the `user_id`. With a proof it is who the proof
 * names: a service may create for anyone, a person for themself only, and no `system` notification.
 * @throws {Failure} `forbidden`
 */
export const creatorOf = ({ from_user, user_id, notif_type }: NewNotification, proof: Proof | undefined): Creator => {
  if (!proof) return { id: `anyone:${from_user ?? user_id}`, isService: false };
  if (proof.isService) return { id: `service:${proof.userId}`, isService: true };
  if (user_id !== proof.userId || (from_user ?? user_id) !== proof.userId)
    throw new Failure(
      errors.forbidden,
      'You may create notifications for yourself only; mention someone in chat to notify them',
    );
  if (notif_type === 'system')
    throw new Failure(errors.forbidden, 'Only a service of the suite may create a `system` notification');
  return { id: `user:${proof.userId}`, isService: false };
};
