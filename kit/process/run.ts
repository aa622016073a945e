/**
 * A service's life: listen, prepare (migrations), ready; then on SIGTERM or SIGINT, in this order: not ready, drain (sockets are
 * told to come back elsewhere, accepted writes finish), stop listening, close the stores.
 */
import type { AnyElysia } from 'elysia';
import { withTimeout } from '../time/timeout.ts';
import { ConfigError, type Environment } from './config.ts';
import type { Health } from './health.ts';
import { isReady } from './healthcheck.ts';
import { createLog, errorFields, type Log } from './log.ts';
import { type Looks, type Metrics, type MetricsServer, serveMetrics } from './metrics.ts';

export interface ServiceParts<SocketData = undefined> {
  readonly name: string;
  readonly app: AnyElysia;
  readonly log: Log;
  readonly health: Health;
  readonly host: string;
  readonly port: number;
  readonly shutdownTimeoutMs: number;
  /** The largest request body in bytes; the server answers 413 beyond it. */
  readonly maxBodyBytes?: number;
  /** Served on a port of their own when `metricsPort` is given. */
  readonly metrics?: Metrics;
  readonly metricsPort?: number | undefined;
  /** Served beside the metrics. */
  readonly looks?: Looks;
  /** Raw handlers for the sockets that this service upgrades. */
  readonly websocket?: Bun.WebSocketHandler<SocketData>;
  /** Runs after listening has begun, so that /health answers while stores are away; the service is ready when it resolves. */
  prepare?(): Promise<void>;
  /** Lets go of sockets and finishes accepted work. */
  drain?(): Promise<void>;
  /** Closes the stores, after the last request. */
  close(): Promise<void>;
}

export interface RunningService {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /** Where the metrics are; undefined when they are on no port. */
  readonly metricsUrl: string | undefined;
  /** Resolves when the service is ready, or is stopped before. Rejects when it can't be ready. */
  readonly ready: Promise<void>;
  /** Stops in order. Safe to call twice. */
  stop(): Promise<void>;
}

const DEFAULT_MAX_BODY_BYTES = 1_024 * 1_024;
const IDLE_TIMEOUT_S = 120;

/** The port is another process's. */
export class PortTaken extends Error {
  /** @param variable by which its operator chooses another */
  constructor(service: string, host: string, port: number, variable: string, options?: ErrorOptions) {
    super(
      `${service} can't listen on ${host}:${port}: the port is taken. Stop the program that has it, or choose another port by ${variable}`,
      options,
    );
    this.name = 'PortTaken';
  }
}

const listen = <SocketData>({
  app,
  name,
  host,
  port,
  maxBodyBytes,
  websocket,
}: ServiceParts<SocketData>): Bun.Server<unknown> => {
  try {
    app.listen({
      hostname: host,
      port,
      // Two processes on one port would share its connections without a word.
      reusePort: false,
      idleTimeout: IDLE_TIMEOUT_S,
      maxRequestBodySize: maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
      ...(websocket ? { websocket: websocket as never } : {}),
    });
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE')
      throw new PortTaken(name, host, port, 'PORT', { cause: error });
    throw error;
  }
  if (!app.server) throw new Error(`${name} did not start listening`);
  return app.server as Bun.Server<unknown>;
};

const listenForMetrics = <SocketData>({
  app,
  name,
  host,
  metrics,
  metricsPort,
  looks,
}: ServiceParts<SocketData>): MetricsServer | undefined => {
  if (!metrics || metricsPort === undefined) return undefined;
  try {
    return serveMetrics(metrics, host, metricsPort, looks);
  } catch (error) {
    void app.server?.stop(true);
    if ((error as { code?: string }).code === 'EADDRINUSE')
      throw new PortTaken(name, host, metricsPort, 'METRICS_PORT', { cause: error });
    throw error;
  }
};

/** @throws {PortTaken} */
export const startService = <SocketData>(parts: ServiceParts<SocketData>): RunningService => {
  const { name, app, log, health, shutdownTimeoutMs } = parts;
  const server = listen(parts);
  const metrics = listenForMetrics(parts);
  const url = `http://${parts.host === '0.0.0.0' ? 'localhost' : parts.host}:${server.port}`;
  let stopping: Promise<void> | undefined;

  const prepare = async () => {
    try {
      await app.modules;
      await parts.prepare?.();
    } catch (error) {
      // Preparing waits for stores, and a stop closes them under it.
      if (!stopping) throw error;
    }
    if (stopping) return;
    health.isReady = true;
    log.info({ event: 'ready', url });
  };

  const stop = async () => {
    health.isReady = false;
    log.info({ event: 'stopping' });
    const within = (work: Promise<unknown> | undefined, step: string) =>
      withTimeout(Promise.resolve(work), shutdownTimeoutMs / 2).catch((error: unknown) =>
        log.warn({ event: 'stop_incomplete', step, ...errorFields(error) }),
      );
    await within(parts.drain?.(), 'drain');
    await within(server.stop(false), 'listen');
    await server.stop(true);
    await within(parts.close(), 'close');
    await metrics?.stop();
    log.info({ event: 'stopped' });
  };

  return {
    name,
    url,
    port: server.port ?? parts.port,
    metricsUrl: metrics?.url,
    ready: prepare(),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
};

/**
 * Runs one service as this process: prints configuration faults and exits 1; stops in order on SIGTERM and SIGINT, exit 0.
 * With the argument `healthcheck` it asks the service that listens on `PORT` instead, and exits 0 when that is ready.
 */
export const runProcess = async (start: (env: Environment) => RunningService): Promise<void> => {
  if (process.argv[2] === 'healthcheck') process.exit((await isReady(Number(process.env.PORT))) ? 0 : 1);
  const log = createLog('process');
  try {
    const service = start(process.env);
    const onSignal = () => {
      void service.stop().then(() => process.exit(0));
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    await service.ready;
  } catch (error) {
    const isOperatorError = error instanceof ConfigError || error instanceof PortTaken;
    if (isOperatorError) process.stderr.write(`${error.message}\n`);
    else log.fatal({ event: 'start_failed', ...errorFields(error) });
    process.exit(1);
  }
};
