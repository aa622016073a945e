/**
 * chat's functions in the database. A function comes after those that it calls. `append_messages`, `edit_message` and `delete_message` are
 * the only code that assigns `seq`: each locks the room's row first, so that commit order is `seq` order and no number is skipped. Each is
 * one statement for its caller: one round trip, one transaction. The lock is `FOR NO KEY UPDATE`, which doesn't block inserts of rows with
 * a foreign key to the room. Files are imported one by one, so that a compiled binary contains them; a test compares with the folder.
 */
import type { SqlFile } from '@parley/kit/stores/database';
import appendMessages from './append_messages.sql' with { type: 'text' };
import deleteMessage from './delete_message.sql' with { type: 'text' };
import editMessage from './edit_message.sql' with { type: 'text' };
import isFileUsed from './is_file_used.sql' with { type: 'text' };
import knowPeople from './know_people.sql' with { type: 'text' };
import markRead from './mark_read.sql' with { type: 'text' };
import messageJson from './message_json.sql' with { type: 'text' };
import queueEdit from './queue_edit.sql' with { type: 'text' };
import queueMentions from './queue_mentions.sql' with { type: 'text' };
import queueRetraction from './queue_retraction.sql' with { type: 'text' };
import removedMessageJson from './removed_message_json.sql' with { type: 'text' };
import resolveMentions from './resolve_mentions.sql' with { type: 'text' };
import unread from './unread.sql' with { type: 'text' };

export const functions: readonly SqlFile[] = [
  { name: 'message_json', sql: messageJson },
  { name: 'removed_message_json', sql: removedMessageJson },
  { name: 'resolve_mentions', sql: resolveMentions },
  { name: 'is_file_used', sql: isFileUsed },
  { name: 'queue_mentions', sql: queueMentions },
  { name: 'queue_edit', sql: queueEdit },
  { name: 'queue_retraction', sql: queueRetraction },
  { name: 'know_people', sql: knowPeople },
  { name: 'append_messages', sql: appendMessages },
  { name: 'edit_message', sql: editMessage },
  { name: 'delete_message', sql: deleteMessage },
  { name: 'mark_read', sql: markRead },
  { name: 'unread', sql: unread },
];
