/** The errors of notification. */
import { errors as common, defineErrors } from '@parley/kit/errors/errors';

export const errors = {
  ...common,
  ...defineErrors({
    unknown_notification: { status: 404, retry: false, detail: 'There is no notification with this id' },
    idempotency_key_taken: {
      status: 409,
      retry: false,
      detail:
        'This Idempotency-Key belongs to a notification of another user or sender; use a new one for a new notification',
    },
    message_changed: {
      status: 409,
      retry: false,
      detail: 'The message was edited or deleted since; no notification of its older text is created',
    },
    push_disabled: { status: 503, retry: false, detail: 'Web Push is off here: the operator has set no VAPID keys' },
  }),
};
