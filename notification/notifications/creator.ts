/** Who may create which notification. Pure. */
import { Failure } from '@parley/kit/errors/failure';
import type { Proof } from '@parley/kit/identity/identity';
import { errors } from '../errors.ts';
import type { NewNotification } from './rules.ts';

/** Who creates a notification: names the creator's own keys and rate. */
export interface Creator {
  readonly id: string;
  /** A service of the suite, which bounds by itself what it creates. */
  readonly isService: boolean;
}

/**
 * Who creates it. In open mode whoever it says: its sender, or without one its own user. With a proof a service, for anyone; or a person
 * for themself, but not in the system's name.
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
