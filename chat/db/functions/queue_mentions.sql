-- Writes outbox rows for the people whom `p_mentions` names. It is an array with, per `@`, the keys that the name may be, longest
-- first: the first that is known to the room counts. At most 100 people: a name that thousands go by (anonymous) tells not all of them.
CREATE OR REPLACE FUNCTION chat.queue_mentions(p_message_id uuid, p_room_id text, p_author_id text, p_mentions jsonb) RETURNS void
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
