/** The steps of the front end's schema, in order. Imported one by one so that a compiled binary carries them; a test compares with the folder. */
import type { Migrations } from '@parley/kit/stores/database';
import accounts from './0000_accounts.sql' with { type: 'text' };

export const migrations: Migrations = { steps: [{ name: '0000_accounts', sql: accounts }] };
