/**
 * The one Postgres that a whole run's fresh databases are on. Test files run in worlds, or processes, of their own: so the runner
 * has it, and gives its url over HTTP on loopback to whoever asks, starting it for the first.
 */
import { startPostgres } from './postgres.ts';

/** An existing server, named by whoever runs the tests. */
const SERVER_VARIABLE = 'TEST_POSTGRES_URL';

/** Set by the runner to where it answers. */
export const POSTGRES_HOST_VARIABLE = 'PARLEY_TEST_POSTGRES_HOST';

let own: Promise<string> | undefined;

const startOnce = (): Promise<string> => {
  own ??= startPostgres().then(({ url }) => url);
  return own;
};

/** Its url, of a superuser. The named server, else the runner's, else (with no runner) this process's own. */
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

/** For the runner: hands out the url until it is stopped. */
export const hostSharedPostgres = (): Bun.Server<undefined> =>
  Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    // Initializing a database on a busy machine takes its time.
    idleTimeout: 120,
    fetch: async () => new Response(await startOnce()),
    error: (error) => new Response(error.message, { status: 500 }),
  });
