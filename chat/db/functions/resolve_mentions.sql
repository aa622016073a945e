-- Resolves the places of a text to people: returns [{user_id, at, length}] in the order of the text. `p_places`: [{at, names: [{length,
-- key, loose}]}], each place's names longest first.
--
-- Which name counts: the longest one that is the name or id of somebody known to the room; if there is none, of somebody known to any
-- room. An id that differs from the person's name can only have been written to mean that person, so it counts like one of the room,
-- wherever the person is known. A name that differs from people's names only in accents counts if nobody has it exactly and only one
-- person has it nearly: writers leave accents out, but accents also tell people apart.
--
-- Who is mentioned: everybody with that name, first the person whose id it is, then by how long each has been known, so that a later
-- namesake displaces nobody. At most 100 people per message: the first of every place, then the second of every place, and so on.
--
-- How it is fast: each name is looked up once, in an index that has its people ordered by how long they have been known. Sorting them
-- instead would cost a message that mentions `anonymous` as much as there are people of that name; a plan that Postgres cached while the
-- tables were small would go through all people of the room for each name. With sorts and scans off, and with an ORDER BY in each look-up,
-- the only plan left is the index of names. A key is compared as a range from itself to itself, because Postgres drops an ORDER BY on a
-- column that is compared by equality. JIT is off: compiling the query would take many times as long as running it.
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
