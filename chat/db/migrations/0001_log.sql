-- The log: the only code that hands out `seq`. Each function locks the room's row first, so that commit order is seq order and no
-- number is skipped, and is one statement for its caller: one round trip, one transaction.
-- `no key` leaves the row open to foreign keys that point at it.

-- Writes outbox rows for the people whom `p_mentions` names. It is an array with, per `@`, the keys that the name may be, longest
-- first: the first that is known to the room counts. At most 100 people: a name that thousands go by (anonymous) tells not all of them.
CREATE FUNCTION chat.queue_mentions(p_message_id uuid, p_room_id text, p_author_id text, p_mentions jsonb) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO chat.outbox (message_id, user_id)
  SELECT DISTINCT p_message_id, member.user_id
  FROM jsonb_array_elements(p_mentions) AS place (candidates)
  CROSS JOIN LATERAL (
    SELECT candidate.key
    FROM jsonb_array_elements_text(place.candidates) WITH ORDINALITY AS candidate (key, rank)
    WHERE EXISTS (
      SELECT FROM chat.members m WHERE m.room_id = p_room_id AND (m.name_key = candidate.key OR m.id_key = candidate.key)
    )
    ORDER BY candidate.rank
    LIMIT 1
  ) AS best
  JOIN chat.members member
    ON member.room_id = p_room_id AND (member.name_key = best.key OR member.id_key = best.key)
  WHERE member.user_id <> p_author_id
  LIMIT 100
  ON CONFLICT DO NOTHING;
$$;
--> statement-breakpoint
-- Makes people known to a room. `p_people`: [{user_id, username, name_key, id_key}].
CREATE FUNCTION chat.know_people(p_room_id text, p_people jsonb) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO chat.members (room_id, user_id, username, name_key, id_key)
  SELECT DISTINCT ON (person.user_id) p_room_id, person.user_id, person.username, person.name_key, person.id_key
  FROM jsonb_to_recordset(p_people) AS person (user_id text, username text, name_key text, id_key text)
  ORDER BY person.user_id
  ON CONFLICT (room_id, user_id) DO UPDATE SET username = excluded.username, name_key = excluded.name_key
  WHERE chat.members.username <> excluded.username;
$$;
--> statement-breakpoint
-- Appends messages in the order given. Answers, per message given, its `ordinal` (from 1), the row as it stands, and whether it is
-- new: a known client_id gives the row that has it. No rows: no such room.
-- A client_id that another room takes at the same moment raises unique_violation; the caller tries again and then finds it.
CREATE FUNCTION chat.append_messages(p_room_id text, p_messages jsonb)
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
  SELECT given.n, m.id = given.id, to_jsonb(m)
  FROM ROWS FROM (jsonb_to_recordset(p_messages) AS (id uuid, client_id uuid)) WITH ORDINALITY AS given (id, client_id, n)
  JOIN chat.messages m ON m.id = given.id OR m.client_id = given.client_id
  ORDER BY given.n;
END;
$$;
--> statement-breakpoint
-- Replaces the content of one's own message. No rows: there is no such message, it is another's, or it was deleted. The same content
-- again changes nothing and takes no number.
CREATE FUNCTION chat.edit_message(p_room_id text, p_id uuid, p_user_id text, p_content text, p_mentions jsonb)
RETURNS TABLE (is_new boolean, message jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  next_seq bigint;
  found_row chat.messages;
BEGIN
  SELECT last_seq + 1 INTO next_seq FROM chat.rooms WHERE id = p_room_id FOR NO KEY UPDATE;
  SELECT * INTO found_row FROM chat.messages m
  WHERE m.id = p_id AND m.room_id = p_room_id AND m.user_id = p_user_id AND m.deleted_at IS NULL;
  IF found_row.id IS NULL THEN
    RETURN;
  END IF;
  IF found_row.content = p_content THEN
    RETURN QUERY SELECT false, to_jsonb(found_row);
    RETURN;
  END IF;
  UPDATE chat.messages m SET content = p_content, edited_at = clock_timestamp(), seq = next_seq WHERE m.id = p_id
  RETURNING * INTO found_row;
  UPDATE chat.rooms SET last_seq = next_seq WHERE id = p_room_id;
  PERFORM chat.queue_mentions(p_id, p_room_id, p_user_id, p_mentions);
  RETURN QUERY SELECT true, to_jsonb(found_row);
END;
$$;
--> statement-breakpoint
-- Takes one's own message back: its content and link leave the database, its place stays. Deleting it again changes nothing.
CREATE FUNCTION chat.delete_message(p_room_id text, p_id uuid, p_user_id text)
RETURNS TABLE (is_new boolean, message jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  next_seq bigint;
  found_row chat.messages;
BEGIN
  SELECT last_seq + 1 INTO next_seq FROM chat.rooms WHERE id = p_room_id FOR NO KEY UPDATE;
  SELECT * INTO found_row FROM chat.messages m WHERE m.id = p_id AND m.room_id = p_room_id AND m.user_id = p_user_id;
  IF found_row.id IS NULL THEN
    RETURN;
  END IF;
  IF found_row.deleted_at IS NOT NULL THEN
    RETURN QUERY SELECT false, to_jsonb(found_row);
    RETURN;
  END IF;
  UPDATE chat.messages m SET content = '', file_url = NULL, deleted_at = clock_timestamp(), seq = next_seq WHERE m.id = p_id
  RETURNING * INTO found_row;
  UPDATE chat.rooms SET last_seq = next_seq WHERE id = p_room_id;
  DELETE FROM chat.outbox o WHERE o.message_id = p_id AND o.delivered_at IS NULL;
  RETURN QUERY SELECT true, to_jsonb(found_row);
END;
$$;
