-- Appends messages in the order given. Answers, per message given, its `ordinal` (from 1), the row as it stands, and whether it is
-- new: a known client_id gives the row that has it. No rows: no such room.
-- A client_id that another room takes at the same moment raises unique_violation; the caller tries again and then finds it.
CREATE OR REPLACE FUNCTION chat.append_messages(p_room_id text, p_messages jsonb)
RETURNS TABLE (ordinal bigint, is_new boolean, message jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  base bigint;
  added bigint;
  written_at timestamptz;
  draft record;
BEGIN
  SELECT last_seq INTO base FROM chat.rooms WHERE id = p_room_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  written_at := clock_timestamp();

  INSERT INTO chat.messages (id, room_id, user_id, username, content, message_type, file_url, client_id, position, seq, created_at)
  SELECT d.id, p_room_id, d.user_id, d.username, d.content, d.message_type, d.file_url, d.client_id,
         base + row_number() OVER (ORDER BY d.n), base + row_number() OVER (ORDER BY d.n), written_at
  FROM (
    SELECT DISTINCT ON (coalesce(given.client_id, given.id)) given.*
    FROM ROWS FROM (jsonb_to_recordset(p_messages)
           AS (id uuid, user_id text, username text, content text, message_type text, file_url text, client_id uuid)) WITH ORDINALITY
         AS given (id, user_id, username, content, message_type, file_url, client_id, n)
    WHERE NOT EXISTS (SELECT FROM chat.messages known WHERE known.client_id = given.client_id)
    ORDER BY coalesce(given.client_id, given.id), given.n
  ) d;
  GET DIAGNOSTICS added = ROW_COUNT;
  UPDATE chat.rooms SET last_seq = base + added WHERE id = p_room_id;

  PERFORM chat.know_people(p_room_id, p_messages);
  FOR draft IN
    SELECT m.id, m.user_id, given.mentions
    FROM jsonb_to_recordset(p_messages) AS given (id uuid, mentions jsonb)
    JOIN chat.messages m ON m.id = given.id
    WHERE given.mentions <> '[]'::jsonb
  LOOP
    PERFORM chat.queue_mentions(draft.id, p_room_id, draft.user_id, draft.mentions);
  END LOOP;

  RETURN QUERY
  SELECT given.n, m.id = given.id, chat.message_json(m)
  FROM ROWS FROM (jsonb_to_recordset(p_messages) AS (id uuid, client_id uuid)) WITH ORDINALITY AS given (id, client_id, n)
  JOIN chat.messages m ON m.id = given.id OR m.client_id = given.client_id
  ORDER BY given.n;
END;
$$;
