/**
 * A service's schema: steps that run once, in order, and functions that are replaced whenever their text differs from what the
 * database has. All in one transaction under an advisory lock: replicas that start together take turns, and a failure leaves nothing.
 */
import { type SQL, sql } from 'drizzle-orm';
import { rowsOf } from './database.driver.ts';
import type { Db, Migrations, SqlFile } from './database.ts';

const LOCK_KEY = 7_264_301;

/** The same on machines that check files out with other line ends. */
const hashOf = ({ sql: text }: SqlFile): string =>
  new Bun.CryptoHasher('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');

/** drizzle-kit's first step creates the schema, which exists by then. A step whose statements have moved elsewhere is a comment. */
const statementsOf = ({ sql: text }: SqlFile): string[] =>
  text
    .split('--> statement-breakpoint')
    .filter((statement) => statement.replaceAll(/^\s*--.*$/gm, '').trim() !== '')
    .filter((statement) => !/^\s*create schema "\w+";?\s*$/i.test(statement));

/** @throws when an applied step was changed since */
export const migrate = (db: Db, schema: string, { steps, functions = [] }: Migrations): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_KEY})`);
    // A step may rewrite a table: the limit of the pool's connections is for requests.
    await tx.execute(sql`set local statement_timeout = 0`);
    const tables = await createTables(tx, schema);
    const isBehind = await applySteps(tx, tables.steps, steps);
    // The database belongs to a newer release, and so do its functions: this replica was started during a rollout or after a rollback.
    if (!isBehind) await applyFunctions(tx, tables.functions, functions);
  });

const createTables = async (tx: Db, schema: string): Promise<{ steps: SQL; functions: SQL }> => {
  const nameOf = (table: string) => sql`${sql.identifier(schema)}.${sql.identifier(table)}`;
  const tables = { steps: nameOf('migrations'), functions: nameOf('functions') };
  const existing = await tx.execute(sql`select 1 from pg_namespace where nspname = ${schema}`);
  // A role of least privilege owns its schema but may not create one.
  if (rowsOf(existing).length === 0) await tx.execute(sql`create schema ${sql.identifier(schema)}`);
  const columns = sql`(name text primary key, hash text, applied_at timestamptz not null default now())`;
  for (const table of [tables.steps, tables.functions])
    await tx.execute(sql`create table if not exists ${table} ${columns}`);
  // Databases from before there were hashes lack the column.
  await tx.execute(sql`alter table ${tables.steps} add column if not exists hash text`);
  return tables;
};

const run = async (tx: Db, file: SqlFile): Promise<void> => {
  for (const statement of statementsOf(file)) await tx.execute(sql.raw(statement));
};

const readHashes = async (tx: Db, table: SQL): Promise<Map<string, string | null>> => {
  const rows = rowsOf(await tx.execute(sql`select name, hash from ${table}`)) as {
    name: string;
    hash: string | null;
  }[];
  return new Map(rows.map(({ name, hash }) => [name, hash]));
};

const remember = (tx: Db, table: SQL, file: SqlFile) =>
  tx.execute(sql`
    insert into ${table} (name, hash) values (${file.name}, ${hashOf(file)})
    on conflict (name) do update set hash = excluded.hash, applied_at = now()`);

/** @returns whether the database has steps that are not among these */
const applySteps = async (tx: Db, table: SQL, steps: readonly SqlFile[]): Promise<boolean> => {
  const applied = await readHashes(tx, table);
  for (const step of steps) {
    const hash = applied.get(step.name);
    if (hash === undefined) {
      await run(tx, step);
      await remember(tx, table, step);
    } else if (hash === null) {
      // Applied before there were hashes: from now on it is held to the text that it has today.
      await tx.execute(sql`update ${table} set hash = ${hashOf(step)} where name = ${step.name}`);
    } else if (hash !== hashOf(step)) {
      throw new Error(`\`${step.name}\` was changed after it was applied; write a new step`);
    }
  }
  const names = new Set(steps.map(({ name }) => name));
  return [...applied.keys()].some((name) => !names.has(name));
};

const applyFunctions = async (tx: Db, table: SQL, functions: readonly SqlFile[]): Promise<void> => {
  const applied = await readHashes(tx, table);
  for (const file of functions.filter((file) => applied.get(file.name) !== hashOf(file))) {
    await run(tx, file);
    await remember(tx, table, file);
  }
};
