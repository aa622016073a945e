/** chat and notification in one process, over embedded stores: for tests of what one tells the other while it goes down and comes back. */
import { startChat } from '@parley/chat/main';
import { callTo } from '@parley/chat/testing/http';
import type { Call } from '@parley/client/http';
import type { RunningService } from '@parley/kit/process/run';
import { startNotification } from '@parley/notification/main';
import { newFolder } from '@parley/testing/run/run-folder';

export interface ChatAndNotification {
  readonly call: Call;
  /** Stops notification, acts, and starts it again with the same port and database. */
  whileNotificationIsDown<Result>(act: () => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
}

/** @param name of the test: no other test of the process may use it, or they share a bus */
export const startChatAndNotification = async (name: string): Promise<ChatAndNotification> => {
  const common = { LOG_LEVEL: 'silent', REDIS_URL: `memory:${name}-test`, SHUTDOWN_TIMEOUT_MS: '1000' };
  const notificationDatabase = `pglite:${newFolder(name)}/postgres`;
  const open = async (port: number): Promise<RunningService> => {
    const service = startNotification({ ...common, PORT: String(port), DATABASE_URL: notificationDatabase });
    await service.ready;
    return service;
  };

  let notification = await open(0);
  const { port, url } = notification;
  const chat = startChat({ ...common, PORT: '0', DATABASE_URL: 'pglite:memory', NOTIFICATION_URL: url });
  await chat.ready;
  return {
    call: callTo({ chat: chat.url, notification: url }),
    whileNotificationIsDown: async (act) => {
      await notification.stop();
      const result = await act();
      notification = await open(port);
      return result;
    },
    stop: async () => {
      await chat.stop();
      await notification.stop();
    },
  };
};
