-- Makes people known to a room (chat.members) and to chat (chat.people). `p_people`: [{user_id, username, name_key, loose_key, id_key}].
-- Rows are written in the order of user ids, so that concurrent calls can't deadlock. A person who is known by this name already is neither
-- written nor locked. Rows are looked up one by one, as in `chat.append_messages`. The look-up in chat.members orders by its primary key,
-- so that the planner can't choose one of the indexes of names.
CREATE OR REPLACE FUNCTION chat.know_people(p_room_id text, p_people jsonb) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  WITH given AS (
    SELECT DISTINCT ON (person.user_id)
      person.user_id, person.username, person.name_key, coalesce(person.loose_key, person.name_key) AS loose_key, person.id_key
    FROM jsonb_to_recordset(p_people) AS person (user_id text, username text, name_key text, loose_key text, id_key text)
    ORDER BY person.user_id
  ),
  known_to_room AS (
    INSERT INTO chat.members (room_id, user_id, username, name_key, loose_key, id_key)
    SELECT p_room_id, given.* FROM given
    LEFT JOIN LATERAL (
      SELECT * FROM chat.members WHERE (members.room_id, members.user_id) >= (p_room_id, given.user_id)
      ORDER BY members.room_id, members.user_id LIMIT 1
    ) AS m ON true
    WHERE (m.room_id, m.user_id, m.username, m.name_key, m.loose_key)
      IS DISTINCT FROM (p_room_id, given.user_id, given.username, given.name_key, given.loose_key)
    ORDER BY given.user_id
    ON CONFLICT (room_id, user_id) DO UPDATE
    SET username = excluded.username, name_key = excluded.name_key, loose_key = excluded.loose_key, id_key = excluded.id_key
  )
  INSERT INTO chat.people (user_id, username, name_key, loose_key, id_key)
  SELECT given.* FROM given
  LEFT JOIN LATERAL (SELECT * FROM chat.people WHERE people.user_id = given.user_id LIMIT 1) AS p ON true
  WHERE (p.username, p.name_key, p.loose_key) IS DISTINCT FROM (given.username, given.name_key, given.loose_key)
  ORDER BY given.user_id
  ON CONFLICT (user_id) DO UPDATE
  SET username = excluded.username, name_key = excluded.name_key, loose_key = excluded.loose_key, id_key = excluded.id_key;
END;
$$;
