/** The metrics of notification, beside those that every service has. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface NotificationMetrics {
  readonly created: Counter<'notif_type'>;
  readonly replayed: Counter;
  readonly unannounced: Counter<'reason'>;
  readonly pushed: Counter<'outcome'>;
  readonly pushDropped: Counter<'reason'>;
  readonly pushWaiting: Gauge;
  readonly retentionDeleted: Counter;
}

export const createNotificationMetrics = ({ registry }: { readonly registry: Registry }): NotificationMetrics => {
  const registers = [registry];
  return {
    created: new Counter({
      name: 'parley_notifications_created_total',
      help: 'Notifications stored, by type',
      labelNames: ['notif_type'],
      registers,
    }),
    replayed: new Counter({
      name: 'parley_notifications_replayed_total',
      help: 'Creations whose Idempotency-Key had been used: nothing was stored',
      registers,
    }),
    unannounced: new Counter({
      name: 'parley_notification_announcements_failed_total',
      help: 'Events that did not reach the bus: it was away, or too many users were waiting',
      labelNames: ['reason'],
      registers,
    }),
    pushed: new Counter({
      name: 'parley_push_sent_total',
      help: 'Web Push deliveries by outcome: delivered, gone (subscription dropped), refused, failed, moot (deleted or read meanwhile)',
      labelNames: ['outcome'],
      registers,
    }),
    pushDropped: new Counter({
      name: 'parley_push_dropped_total',
      help: 'Pushes that were not sent, by reason: full (queue), late, cut_off (the host fails), stopped',
      labelNames: ['reason'],
      registers,
    }),
    pushWaiting: new Gauge({ name: 'parley_push_waiting', help: 'Pushes that wait to be sent', registers }),
    retentionDeleted: new Counter({
      name: 'parley_retention_deleted_total',
      help: 'Read notifications deleted because they were old',
      registers,
    }),
  };
};
