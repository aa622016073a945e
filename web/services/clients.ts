/** The four services as the front end calls them: over their public HTTP APIs, as the visitor, within a time limit. */
import * as chat from '@parley/client/api/chat';
import * as file from '@parley/client/api/file';
import * as notification from '@parley/client/api/notification';
import * as presence from '@parley/client/api/presence';
import type { ServiceName } from '@parley/client/endpoint';
import { createHttp } from '@parley/client/http';
import { type Answer, type Ask, createAsk } from './call.ts';

export type Health = Record<string, string>;

const healthEndpoints = [chat, presence, notification, file].map(({ readHealth }) => readHealth);

/** Called after every call. @param outcome `ok`, the status of a refusal, or `away` when the service didn't answer in time */
export type ObserveCall = (service: string, outcome: string, seconds: number) => void;

export interface ServicesDeps {
  readonly chatUrl: string;
  readonly presenceUrl: string;
  readonly notificationUrl: string;
  readonly fileUrl: string;
  readonly upstreamTimeoutMs: number;
  readonly observe: ObserveCall;
}

export interface ServiceHealth {
  readonly name: ServiceName;
  readonly answer: Answer<Health>;
  readonly tookMs: number;
}

/** The services for one visitor. */
export interface Services {
  readonly ask: Ask;
  /** The answers of all services to `/health`. */
  health(): Promise<readonly ServiceHealth[]>;
}

/** @param token of the session that the calls act for; undefined calls anonymously */
export type ServicesFor = (token?: string) => Services;

const outcomeOf = (status: number): string => {
  if (status === 0) return 'away';
  return status < 300 ? 'ok' : String(status);
};

export const createServices = (deps: ServicesDeps): ServicesFor => {
  const { chatUrl, presenceUrl, notificationUrl, fileUrl, upstreamTimeoutMs, observe } = deps;
  const askAs = (token?: string): Ask =>
    createAsk(
      createHttp({
        urls: { chat: chatUrl, presence: presenceUrl, notification: notificationUrl, file: fileUrl },
        timeoutMs: upstreamTimeoutMs,
        token,
        observe: ({ service, status, durationMs }) => observe(service, outcomeOf(status), durationMs / 1_000),
      }),
    );

  const askAnonymously = askAs();
  const readHealth = async (endpoint: (typeof healthEndpoints)[number]): Promise<ServiceHealth> => {
    const startedAt = performance.now();
    const answer = await askAnonymously(endpoint, {});
    return { name: endpoint.service, answer, tookMs: Math.round(performance.now() - startedAt) };
  };

  return (token) => ({
    ask: askAs(token),
    health: () => Promise.all(healthEndpoints.map(readHealth)),
  });
};
