/**
 * The Postgres that all fresh databases of a run share. Test files run in separate processes, so the runner owns the server: it starts it
 * on the first request and returns its URL over HTTP on loopback.
 */
import { startPostgres } from './postgres.ts';

/** Names an existing server. */
const SERVER_VARIABLE = 'TEST_POSTGRES_URL';

/** Set by the runner: the address that returns the URL. */
export const POSTGRES_HOST_VARIABLE = 'PARLEY_TEST_POSTGRES_HOST';

let own: Promise<string> | undefined;

const startOnce = (): Promise<string> => {
  own ??= startPostgres().then(({ url }) => url);
  return own;
};

/** The URL, of a superuser: of the named server, else the runner's, else (without a runner) one of this process. */
export const sharedPostgresUrl = async (): Promise<string> => {
  const named = process.env[SERVER_VARIABLE];
  if (named) return named;
  const host = process.env[POSTGRES_HOST_VARIABLE];
  if (!host) return startOnce();
  const answer = await fetch(host);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
};

/** For the runner: serves the URL until it is stopped. */
export const hostSharedPostgres = (): Bun.Server<undefined> =>
  Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    // Initializing a database is slow on a busy machine.
    idleTimeout: 120,
    fetch: async () => new Response(await startOnce()),
    error: (error) => new Response(error.message, { status: 500 }),
  });
