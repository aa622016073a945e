/** The migrations of file, in order. Each is imported by name so that a compiled binary contains it; a test compares the folder. */
import type { Migrations } from '@parley/kit/stores/database';
import tables from './0000_tables.sql' with { type: 'text' };
import charset from './0001_charset.sql' with { type: 'text' };

export const migrations: Migrations = {
  steps: [
    { name: '0000_tables', sql: tables },
    { name: '0001_charset', sql: charset },
  ],
};
