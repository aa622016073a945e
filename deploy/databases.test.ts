import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { query } from '@parley/testing/servers/postgres';
import { findProgram } from '@parley/testing/servers/programs';
import { describeWith, startPostgres } from '@parley/testing/servers/servers';

const script = join(import.meta.dir, 'postgres/databases.sh');

describeWith(['postgres', 'faults'], 'the databases of a new volume', () => {
  test('are one for each password, of a role that owns its schema and nothing else', async () => {
    const server = await startPostgres();
    try {
      const { hostname, port } = new URL(server.url);
      const { PATH = '' } = process.env;
      const psql = findProgram('psql') ?? 'psql';
      const env = {
        PATH: `${join(psql, '..')}:${PATH}`,
        PGHOST: hostname,
        PGPORT: port,
        POSTGRES_PASSWORD: 'of nobody here',
        CHAT_DB_PASSWORD: `a'b"c=$d`,
        SEARCH_DB_PASSWORD: 'another',
      };
      const { exitCode, stderr } = Bun.spawnSync(['sh', script], { env });
      expect([exitCode, stderr.toString()]).toEqual([0, '']);

      const databases = await query<{ datname: string }>(
        server.url,
        "select datname from pg_database where datname not like 'template%' order by 1",
      );
      expect(databases.map(({ datname }) => datname)).toEqual(['chat', 'postgres', 'search']);
      const [chat] = await query(
        server.url.replace(/postgres$/, 'chat'),
        `select rolsuper, rolconnlimit, has_database_privilege('chat', 'search', 'connect') as reaches_search,
          has_database_privilege('chat', 'chat', 'connect') as reaches_chat,
          (select nspowner::regrole::text from pg_namespace where nspname = 'chat') as owner
        from pg_roles where rolname = 'chat'`,
      );
      expect(chat).toEqual({
        rolsuper: false,
        rolconnlimit: 100,
        reaches_search: false,
        reaches_chat: true,
        owner: 'chat',
      });
    } finally {
      await server.close();
    }
  });
});
