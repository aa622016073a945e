-- Whom the places of a text mention: [{user_id, at, length}], in the order of the text. `p_places`: [{at, names: [{length, key, loose}]}],
-- each place's names longest first.
--
-- A place means people of the room, by the longest of its names that somebody there has as name or id; if there are none, people of any
-- room. An id that isn't the person's name was written to mean that person: it counts like one of the room. A name that differs by
-- accents only counts where nobody has it exactly, and only one person nearly: accents tell people apart, and are left out by writers in
-- a hurry.
--
-- Everybody of that name is mentioned: first the person whose id it is, then by how long each is known, so that later namesakes displace
-- nobody. At most 100 people a message, each place's first before the second of any.
-- Compiling the query would take many times as long as running it.
CREATE OR REPLACE FUNCTION chat.resolve_mentions(p_room_id text, p_places jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET jit = off AS $$
BEGIN
  RETURN (
    WITH candidate AS MATERIALIZED (
      SELECT (place.value ->> 'at')::integer AS at, name.n, (name.value ->> 'length')::integer AS length,
             name.value ->> 'key' AS key, name.value ->> 'loose' AS loose
      FROM jsonb_array_elements(p_places) AS place
      CROSS JOIN LATERAL jsonb_array_elements(place.value -> 'names') WITH ORDINALITY AS name (value, n)
    ),
    found AS (
      SELECT candidate.at, candidate.length, person.user_id, person.grade, person.known_at,
             dense_rank() OVER (
               PARTITION BY candidate.at
               ORDER BY scope.room_id = '' AND NOT person.is_meant, candidate.n, person.grade = 3
             ) AS choice
      FROM candidate
      CROSS JOIN (VALUES (p_room_id), ('')) AS scope (room_id)
      CROSS JOIN LATERAL (
        (SELECT k.user_id, 1 AS grade, k.known_at, k.id_key <> k.name_key AS is_meant FROM chat.known_people k
         WHERE k.room_id = scope.room_id AND k.id_key = candidate.key LIMIT 100)
        UNION ALL
        (SELECT k.user_id, 2, k.known_at, false FROM chat.known_people k
         WHERE k.room_id = scope.room_id AND k.name_key = candidate.key ORDER BY k.known_at LIMIT 100)
        UNION ALL
        (SELECT min(near.user_id), 3, min(near.known_at), false
         FROM (SELECT k.user_id, k.known_at FROM chat.known_people k
               WHERE k.room_id = scope.room_id AND k.loose_key = candidate.loose LIMIT 2) AS near
         HAVING count(*) = 1)
      ) AS person
    ),
    chosen AS (
      SELECT found.at, found.length, found.user_id,
             row_number() OVER (PARTITION BY found.at ORDER BY min(found.grade), min(found.known_at), found.user_id) AS turn
      FROM found WHERE found.choice = 1
      GROUP BY found.at, found.length, found.user_id
    ),
    told AS (SELECT * FROM chosen ORDER BY chosen.turn, chosen.at LIMIT 100)
    SELECT coalesce(
      jsonb_agg(jsonb_build_object('user_id', told.user_id, 'at', told.at, 'length', told.length) ORDER BY told.at, told.turn), '[]')
    FROM told
  );
END;
$$;
