-- Queues a deletion: a retraction entry, which removes the message's notifications, and a file entry if the message referred to a file.
-- Entries of the message that are not needed any more are deleted. The relay asks `chat.is_file_used` when it delivers the file entry,
-- and not before, because two messages with the same file may be deleted at the same time.
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
