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
--
-- Each name is looked up once, in the indexes, which have its people by how long they are known: sorting them would cost a message that
-- names `anonymous` as much as there are people of that name. The planner can't know, and a plan that was made while the tables were small
-- would go through all people of the room for each name: without sorts and scans of whole tables, the order of each look-up leaves only
-- the index of its names. A key is given as a range of one, since an order by what is equal is none to the planner. Compiling the query
-- would take many times as long as running it.
CREATE OR REPLACE FUNCTION chat.resolve_mentions(p_room_id text, p_places jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off SET jit = off AS $$
BEGIN
  RETURN (
    WITH candidate AS MATERIALIZED (
      SELECT (place.value ->> 'at')::integer AS at, name.n, (name.value ->> 'length')::integer AS length,
             name.value ->> 'key' AS key, name.value ->> 'loose' AS loose
      FROM jsonb_array_elements(p_places) AS place
      CROSS JOIN LATERAL jsonb_array_elements(place.value -> 'names') WITH ORDINALITY AS name (value, n)
    ),
    person AS MATERIALIZED (
      SELECT name.key, found.user_id, found.grade, found.known_at,
             scope.room_id = '' AND NOT found.is_meant AS is_elsewhere, found.grade = 3 AS is_near
      FROM (SELECT DISTINCT candidate.key, candidate.loose FROM candidate) AS name
      CROSS JOIN (VALUES (p_room_id), ('')) AS scope (room_id)
      CROSS JOIN LATERAL (
        (SELECT k.user_id, 1 AS grade, k.known_at, k.id_key <> k.name_key AS is_meant FROM chat.known_people k
         WHERE k.room_id = scope.room_id AND k.id_key ~>=~ name.key AND k.id_key ~<=~ name.key
         ORDER BY k.id_key USING ~<~ LIMIT 100)
        UNION ALL
        (SELECT k.user_id, 2, k.known_at, false FROM chat.known_people k
         WHERE k.room_id = scope.room_id AND k.name_key = name.key ORDER BY k.known_at LIMIT 100)
        UNION ALL
        (SELECT min(near.user_id), 3, min(near.known_at), false
         FROM (SELECT k.user_id, k.known_at FROM chat.known_people k
               WHERE k.room_id = scope.room_id AND k.loose_key ~>=~ name.loose AND k.loose_key ~<=~ name.loose
               ORDER BY k.loose_key USING ~<~ LIMIT 2) AS near
         HAVING count(*) = 1)
      ) AS found
    ),
    best AS (
      SELECT DISTINCT ON (candidate.at) candidate.at, candidate.length, fit.key, fit.is_elsewhere, fit.is_near
      FROM candidate
      JOIN (SELECT DISTINCT person.key, person.is_elsewhere, person.is_near FROM person) AS fit ON fit.key = candidate.key
      ORDER BY candidate.at, fit.is_elsewhere, candidate.n, fit.is_near
    ),
    meant AS (
      SELECT best.at, best.length, person.user_id,
             row_number() OVER (PARTITION BY best.at ORDER BY min(person.grade), min(person.known_at), person.user_id) AS turn
      FROM best
      JOIN person
        ON person.key = best.key AND person.is_elsewhere = best.is_elsewhere AND person.is_near = best.is_near
      GROUP BY best.at, best.length, person.user_id
    ),
    told AS (SELECT * FROM meant ORDER BY meant.turn, meant.at LIMIT 100)
    SELECT coalesce(
      jsonb_agg(jsonb_build_object('user_id', told.user_id, 'at', told.at, 'length', told.length) ORDER BY told.at, told.turn), '[]')
    FROM told
  );
END;
$$;
