-- Queues that a message was deleted: its notifications go, and what waits to tell of it. The file that it referred to is queued too; the
-- relay asks `chat.is_file_used` when it delivers, because two messages with one file may be deleted at the same moment.
CREATE OR REPLACE FUNCTION chat.queue_retraction(p_message_id uuid, p_file_url text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM chat.outbox_entries e WHERE e.message_id = p_message_id AND e.kind IN ('mention', 'correction');

  INSERT INTO chat.outbox_entries (kind, message_id, user_id, seq, file_id)
  SELECT entry.kind, m.id, m.user_id, m.seq, entry.file_id
  FROM chat.messages m, (VALUES
    ('retraction', NULL),
    ('file', substring(lower(p_file_url) from '^/api/files/([0-9a-f-]{36})/download'))
  ) AS entry (kind, file_id)
  WHERE m.id = p_message_id AND (entry.kind <> 'file' OR entry.file_id IS NOT NULL)
  ON CONFLICT (message_id, kind, user_id) DO NOTHING;
END;
$$;
