/** The services as this front end calls them: over their public HTTP APIs, with the time that a page has. */
import * as chat from '@parley/client/api/chat';
import * as file from '@parley/client/api/file';
import * as notification from '@parley/client/api/notification';
import * as presence from '@parley/client/api/presence';
import type { ServiceName } from '@parley/client/endpoint';
import { createHttp } from '@parley/client/http';
import type { ObserveCall } from '../metrics.ts';
import { type Answer, type Ask, createAsk } from './call.ts';

export type Health = Record<string, string>;

const healthEndpoints = [chat, presence, notification, file].map(({ readHealth }) => readHealth);

export interface ServiceAddresses {
  readonly chatUrl: string;
  readonly presenceUrl: string;
  readonly notificationUrl: string;
  readonly fileUrl: string;
  readonly upstreamTimeoutMs: number;
}

/** The services for one visitor. */
export interface Services {
  readonly ask: Ask;
  /** Every service's own account of its health. */
  health(): Promise<readonly { name: ServiceName; answer: Answer<Health>; tookMs: number }[]>;
}

/** @param token proves who acts; undefined acts for nobody */
export type ServicesFor = (token?: string) => Services;

const outcomeOf = (status: number): string => {
  if (status === 0) return 'away';
  return status < 300 ? 'ok' : String(status);
};

/** @param observe told of every call */
export const createServices = (addresses: ServiceAddresses, observe: ObserveCall): ServicesFor => {
  const { chatUrl, presenceUrl, notificationUrl, fileUrl, upstreamTimeoutMs } = addresses;
  const askAs = (token?: string): Ask =>
    createAsk(
      createHttp({
        urls: { chat: chatUrl, presence: presenceUrl, notification: notificationUrl, file: fileUrl },
        timeoutMs: upstreamTimeoutMs,
        token,
        observe: ({ service, status, durationMs }) => observe(service, outcomeOf(status), durationMs / 1_000),
      }),
    );

  const askAsNobody = askAs();
  const readHealth = async (endpoint: (typeof healthEndpoints)[number]) => {
    const startedAt = performance.now();
    const answer = await askAsNobody(endpoint, {});
    return { name: endpoint.service, answer, tookMs: Math.round(performance.now() - startedAt) };
  };

  return (token) => ({
    ask: askAs(token),
    health: () => Promise.all(healthEndpoints.map(readHealth)),
  });
};
