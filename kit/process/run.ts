/**
 * A service's life: listen, prepare the stores (migrations), start, be ready. On SIGTERM or SIGINT: not ready, drain (sockets move to
 * another replica, accepted writes finish), stop listening, close the service, close its stores.
 */
import type { AnyElysia } from 'elysia';
import { withTimeout } from '../time/timeout.ts';
import { ConfigError, type Environment } from './config.ts';
import type { Health } from './health.ts';
import { isReady } from './healthcheck.ts';
import { createLog, errorFields, type Log } from './log.ts';
import { type Looks, type Metrics, type MetricsServer, serveMetrics } from './metrics.ts';

/** What `createX` of a service makes of its opened stores. */
export interface Service<SocketData = undefined> {
  readonly app: AnyElysia;
  readonly health: Health;
  /** Served on a port of its own when the configuration has `metricsPort`. */
  readonly metrics?: Metrics;
  /** Served beside the metrics. */
  readonly looks?: Looks;
  /** Raw handlers for the sockets that this service upgrades. */
  readonly websocket?: Bun.WebSocketHandler<SocketData>;
  /** The largest request body in bytes; the server answers 413 beyond it. */
  readonly maxBodyBytes?: number;
  /** Starts work in the background, once the stores are prepared. */
  start?(): void;
  /** Finishes accepted work and moves sockets to another replica. */
  drain?(): Promise<unknown>;
  /** Ends everything that the service started, after the last request. The stores are closed next. */
  close?(): Promise<void>;
}

export interface ServiceDeps<SocketData = undefined> {
  readonly name: string;
  readonly config: {
    readonly host: string;
    readonly port: number;
    readonly metricsPort?: number | undefined;
    readonly shutdownTimeoutMs: number;
  };
  readonly log: Log;
  readonly service: Service<SocketData>;
  /** Closed last, all at once. */
  readonly stores: readonly { close(): unknown }[];
  /** Runs after listening has begun, so that /health answers while stores are away. */
  prepare?(): Promise<unknown>;
}

export interface RunningService {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /** The address of the metrics; undefined when they are not served. */
  readonly metricsUrl: string | undefined;
  /** Resolves when the service is ready, or was stopped before. Rejects when preparing fails. */
  readonly ready: Promise<void>;
  /** Stops in order. A second call returns the first one's promise. */
  stop(): Promise<void>;
}

const DEFAULT_MAX_BODY_BYTES = 1_024 * 1_024;
const IDLE_TIMEOUT_S = 120;

/** Another process listens on the port. */
export class PortTaken extends Error {
  /** @param variable the name of the variable that sets the port */
  constructor(service: string, host: string, port: number, variable: string, options?: ErrorOptions) {
    super(
      `${service} can't listen on ${host}:${port}: the port is taken. Stop the program that has it, or choose another port by ${variable}`,
      options,
    );
    this.name = 'PortTaken';
  }
}

const isPortTaken = (error: unknown): boolean => (error as { code?: string }).code === 'EADDRINUSE';

const listen = <SocketData>({ name, config, service }: ServiceDeps<SocketData>): Bun.Server<unknown> => {
  const { app, websocket, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = service;
  const { host, port } = config;
  try {
    app.listen({
      hostname: host,
      port,
      // Otherwise two processes on one port silently share its connections.
      reusePort: false,
      idleTimeout: IDLE_TIMEOUT_S,
      maxRequestBodySize: maxBodyBytes,
      ...(websocket ? { websocket: websocket as never } : {}),
    });
  } catch (error) {
    throw isPortTaken(error) ? new PortTaken(name, host, port, 'PORT', { cause: error }) : error;
  }
  if (!app.server) throw new Error(`${name} did not start listening`);
  return app.server as Bun.Server<unknown>;
};

const listenForMetrics = <SocketData>({
  name,
  config,
  service,
}: ServiceDeps<SocketData>): MetricsServer | undefined => {
  const { host, metricsPort } = config;
  const { app, metrics, looks } = service;
  if (!metrics || metricsPort === undefined) return undefined;
  try {
    return serveMetrics(metrics, host, metricsPort, looks);
  } catch (error) {
    void app.server?.stop(true);
    throw isPortTaken(error) ? new PortTaken(name, host, metricsPort, 'METRICS_PORT', { cause: error }) : error;
  }
};

class ListeningService<SocketData> implements RunningService {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly metricsUrl: string | undefined;
  readonly ready: Promise<void>;
  readonly #deps: ServiceDeps<SocketData>;
  readonly #server: Bun.Server<unknown>;
  readonly #metrics: MetricsServer | undefined;
  #stopping: Promise<void> | undefined;

  /** @throws {PortTaken} */
  constructor(deps: ServiceDeps<SocketData>) {
    const { host, port } = deps.config;
    this.#deps = deps;
    this.#server = listen(deps);
    this.#metrics = listenForMetrics(deps);
    this.name = deps.name;
    this.port = this.#server.port ?? port;
    this.url = `http://${host === '0.0.0.0' ? 'localhost' : host}:${this.port}`;
    this.metricsUrl = this.#metrics?.url;
    this.ready = this.#prepare();
  }

  /** A field of its own, so that an object that is spread from this one can call it. */
  readonly stop = (): Promise<void> => {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  };

  async #prepare(): Promise<void> {
    const { service, log, prepare } = this.#deps;
    try {
      await service.app.modules;
      await prepare?.();
    } catch (error) {
      // During a stop this fails because the stores are closed.
      if (!this.#stopping) throw error;
    }
    if (this.#stopping) return;
    service.start?.();
    service.health.isReady = true;
    log.info({ event: 'ready', url: this.url });
  }

  async #stop(): Promise<void> {
    const { service, log } = this.#deps;
    service.health.isReady = false;
    log.info({ event: 'stopping' });
    await this.#within(service.drain?.(), 'drain');
    await this.#within(this.#server.stop(false), 'listen');
    await this.#server.stop(true);
    await this.#within(this.#close(), 'close');
    await this.#metrics?.stop();
    log.info({ event: 'stopped' });
  }

  async #close(): Promise<void> {
    const { service, stores } = this.#deps;
    await service.close?.();
    await Promise.all(stores.map((store) => store.close()));
  }

  /** Gives a step of the stop half of the time that a stop may take, then goes on without it. */
  async #within(work: Promise<unknown> | undefined, step: string): Promise<void> {
    const { log, config } = this.#deps;
    await withTimeout(Promise.resolve(work), config.shutdownTimeoutMs / 2).catch((error: unknown) =>
      log.warn({ event: 'stop_incomplete', step, ...errorFields(error) }),
    );
  }
}

/** @throws {PortTaken} */
export const startService = <SocketData>(deps: ServiceDeps<SocketData>): RunningService => new ListeningService(deps);

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
