/** chat's schema: its steps in order, and its functions. Imported one by one, so that a compiled binary contains them; a test compares with the folder. */
import type { Migrations } from '@parley/kit/stores/database';
import { functions } from '../functions/index.ts';
import tables from './0000_tables.sql' with { type: 'text' };
import log from './0001_log.sql' with { type: 'text' };
import firstRooms from './0002_first_rooms.sql' with { type: 'text' };
import firstRead from './0003_first_read.sql' with { type: 'text' };
import clientIds from './0004_client_ids.sql' with { type: 'text' };
import reading from './0005_reading.sql' with { type: 'text' };
import rooms from './0006_rooms.sql' with { type: 'text' };
import mentions from './0007_mentions.sql' with { type: 'text' };
import outboxEntries from './0008_outbox_entries.sql' with { type: 'text' };

export const migrations: Migrations = {
  steps: [
    { name: '0000_tables', sql: tables },
    { name: '0001_log', sql: log },
    { name: '0002_first_rooms', sql: firstRooms },
    { name: '0003_first_read', sql: firstRead },
    { name: '0004_client_ids', sql: clientIds },
    { name: '0005_reading', sql: reading },
    { name: '0006_rooms', sql: rooms },
    { name: '0007_mentions', sql: mentions },
    { name: '0008_outbox_entries', sql: outboxEntries },
  ],
  functions,
};
