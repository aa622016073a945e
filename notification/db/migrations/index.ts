/** The migrations of notification, in order. Each is imported by name so that a compiled binary contains it; a test compares the folder. */
import type { Migrations } from '@parley/kit/stores/database';
import tables from './0000_tables.sql' with { type: 'text' };
import places from './0001_places.sql' with { type: 'text' };
import messageChanges from './0002_message_changes.sql' with { type: 'text' };

export const migrations: Migrations = {
  steps: [
    { name: '0000_tables', sql: tables },
    { name: '0001_places', sql: places },
    { name: '0002_message_changes', sql: messageChanges },
  ],
};
