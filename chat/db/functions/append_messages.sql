-- Appends messages in the order given. Returns one row per message: its `ordinal` (from 1), whether it is new, and the stored message. A
-- message whose client_id the room has already is not new: the row has the message with that client_id, as a deleted one if it is no
-- longer stored. No rows: there is no such room.
-- `mentions` of a given message are the places of its content, as `chat.resolve_mentions` takes them. They are resolved before the room
-- is locked, to keep the lock short.
-- Rows are looked up one by one, by their whole key, and sequential scans are off: a plan that Postgres cached while the tables were small
-- would otherwise scan them when they are large.
CREATE OR REPLACE FUNCTION chat.append_messages(p_room_id text, p_messages jsonb)
RETURNS TABLE (ordinal bigint, is_new boolean, message jsonb)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  base bigint;
  added bigint;
  written_at timestamptz;
  resolved jsonb;
BEGIN
  SELECT jsonb_object_agg(given.id, chat.resolve_mentions(p_room_id, given.mentions)) INTO resolved
  FROM jsonb_to_recordset(p_messages) AS given (id uuid, mentions jsonb)
  WHERE given.mentions <> '[]'::jsonb;

  SELECT last_seq INTO base FROM chat.rooms WHERE id = p_room_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  written_at := clock_timestamp();

  INSERT INTO chat.messages (id, room_id, user_id, username, content, message_type, file_url, position, seq, created_at, mentions)
  SELECT d.id, p_room_id, d.user_id, d.username, d.content, d.message_type, d.file_url,
         base + row_number() OVER (ORDER BY d.n), base + row_number() OVER (ORDER BY d.n), written_at,
         coalesce(resolved -> d.id::text, '[]')
  FROM (
    SELECT DISTINCT ON (coalesce(given.client_id, given.id)) given.*
    FROM ROWS FROM (jsonb_to_recordset(p_messages)
           AS (id uuid, user_id text, username text, content text, message_type text, file_url text, client_id uuid)) WITH ORDINALITY
         AS given (id, user_id, username, content, message_type, file_url, client_id, n)
    LEFT JOIN LATERAL (
      SELECT true AS is_there FROM chat.client_ids c WHERE c.room_id = p_room_id AND c.client_id = given.client_id LIMIT 1
    ) AS known ON true
    WHERE known.is_there IS NULL
    ORDER BY coalesce(given.client_id, given.id), given.n
  ) d;
  GET DIAGNOSTICS added = ROW_COUNT;
  UPDATE chat.rooms SET last_seq = base + added WHERE id = p_room_id;

  INSERT INTO chat.client_ids (room_id, client_id, message_id, user_id, position, created_at)
  SELECT p_room_id, given.client_id, m.id, m.user_id, m.position, m.created_at
  FROM jsonb_to_recordset(p_messages) AS given (id uuid, client_id uuid)
  CROSS JOIN LATERAL (SELECT * FROM chat.messages WHERE messages.id = given.id LIMIT 1) AS m
  WHERE given.client_id IS NOT NULL;

  PERFORM chat.know_people(p_room_id, p_messages);
  PERFORM chat.queue_mentions(m.id, p_room_id, m.user_id, m.mentions)
  FROM jsonb_object_keys(coalesce(resolved, '{}')) AS given (id)
  CROSS JOIN LATERAL (SELECT * FROM chat.messages WHERE messages.id = given.id::uuid LIMIT 1) AS m
  WHERE m.mentions <> '[]'::jsonb;

  RETURN QUERY
  SELECT given.n, coalesce((known.entry).message_id = given.id, true), coalesce(stored.message, chat.removed_message_json(known.entry))
  FROM ROWS FROM (jsonb_to_recordset(p_messages) AS (id uuid, client_id uuid)) WITH ORDINALITY AS given (id, client_id, n)
  LEFT JOIN LATERAL (
    SELECT c AS entry FROM chat.client_ids c WHERE c.room_id = p_room_id AND c.client_id = given.client_id LIMIT 1
  ) AS known ON true
  LEFT JOIN LATERAL (
    SELECT chat.message_json(m) AS message FROM chat.messages m WHERE m.id = coalesce((known.entry).message_id, given.id) LIMIT 1
  ) AS stored ON true
  ORDER BY given.n;
END;
$$;
