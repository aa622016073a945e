-- Writes outbox rows for the people whom a message mentions, but its author: `p_mentions` as `chat.resolve_mentions` answers. After an edit
-- only those who were not mentioned before get one.
CREATE OR REPLACE FUNCTION chat.queue_mentions(p_message_id uuid, p_room_id text, p_author_id text, p_mentions jsonb) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO chat.outbox (message_id, user_id)
  SELECT DISTINCT p_message_id, mention.user_id
  FROM jsonb_to_recordset(p_mentions) AS mention (user_id text)
  WHERE mention.user_id <> p_author_id
  ON CONFLICT DO NOTHING;
$$;
