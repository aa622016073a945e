-- Makes people known to a room. `p_people`: [{user_id, username, name_key, id_key}].
CREATE OR REPLACE FUNCTION chat.know_people(p_room_id text, p_people jsonb) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO chat.members (room_id, user_id, username, name_key, id_key)
  SELECT DISTINCT ON (person.user_id) p_room_id, person.user_id, person.username, person.name_key, person.id_key
  FROM jsonb_to_recordset(p_people) AS person (user_id text, username text, name_key text, id_key text)
  ORDER BY person.user_id
  ON CONFLICT (room_id, user_id) DO UPDATE SET username = excluded.username, name_key = excluded.name_key
  WHERE chat.members.username <> excluded.username;
$$;
