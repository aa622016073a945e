/** The steps of file's schema, in order. Imported one by one so that a compiled binary carries them; a test compares with the folder. */
import type { Migrations } from '@parley/kit/stores/database';
import tables from './0000_tables.sql' with { type: 'text' };
import charset from './0001_charset.sql' with { type: 'text' };

export const migrations: Migrations = {
  steps: [
    { name: '0000_tables', sql: tables },
    { name: '0001_charset', sql: charset },
  ],
};
