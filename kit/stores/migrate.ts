/**
 * Migrates a service's schema: steps run once, in order; functions are replaced when their text differs from the applied one. All of it
 * is one transaction under an advisory lock: replicas that start together take turns, and a failure changes nothing.
 */
import { type SQL, sql } from 'drizzle-orm';
import { rowsOf } from './database.driver.ts';
import type { Db, Migrations, SqlFile } from './database.ts';

const LOCK_KEY = 7_264_301;

/** Independent of line ends, which git may convert on checkout. */
const hashOf = ({ sql: text }: SqlFile): string =>
  new Bun.CryptoHasher('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');

/** Without comments and without `create schema` of drizzle-kit's first step: the schema exists by then. */
const statementsOf = ({ sql: text }: SqlFile): string[] =>
  text
    .split('--> statement-breakpoint')
    .filter((statement) => statement.replaceAll(/^\s*--.*$/gm, '').trim() !== '')
    .filter((statement) => !/^\s*create schema "\w+";?\s*$/i.test(statement));

/** @throws if the text of an applied step was changed */
export const migrate = (db: Db, schema: string, { steps, functions = [] }: Migrations): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_KEY})`);
    // The timeout of the pool's connections is meant for requests; a step may rewrite a whole table.
    await tx.execute(sql`set local statement_timeout = 0`);
    const tables = await createTables(tx, schema);
    const isBehind = await applySteps(tx, tables.steps, steps);
    // Steps that this release doesn't have are of a newer one, and so are the functions: a rollout or a rollback is under way.
    if (!isBehind) await applyFunctions(tx, tables.functions, functions);
  });

const createTables = async (tx: Db, schema: string): Promise<{ steps: SQL; functions: SQL }> => {
  const nameOf = (table: string) => sql`${sql.identifier(schema)}.${sql.identifier(table)}`;
  const tables = { steps: nameOf('migrations'), functions: nameOf('functions') };
  const existing = await tx.execute(sql`select 1 from pg_namespace where nspname = ${schema}`);
  // A role with least privileges owns its schema but may not create one.
  if (rowsOf(existing).length === 0) await tx.execute(sql`create schema ${sql.identifier(schema)}`);
  const columns = sql`(name text primary key, hash text, applied_at timestamptz not null default now())`;
  for (const table of [tables.steps, tables.functions])
    await tx.execute(sql`create table if not exists ${table} ${columns}`);
  // Databases of releases before hashes lack the column.
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
      // Applied by a release before hashes: its current text becomes the reference.
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
