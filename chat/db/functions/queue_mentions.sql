-- Queues a mention entry for each person whom a new message mentions, except its author. `p_mentions`: as `chat.resolve_mentions` returns it.
CREATE OR REPLACE FUNCTION chat.queue_mentions(p_message_id uuid, p_room_id text, p_author_id text, p_mentions jsonb) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO chat.outbox_entries (kind, message_id, user_id, seq)
  SELECT DISTINCT 'mention', m.id, mention.user_id, m.seq
  FROM chat.messages m, jsonb_to_recordset(p_mentions) AS mention (user_id text)
  WHERE m.id = p_message_id AND mention.user_id <> p_author_id
  ON CONFLICT DO NOTHING;
$$;
