-- Counts the unread messages of a user per room, without the user's own, up to `p_cap`: messages after the read position; in a room that
-- the user never read, messages since the user first read any room. A room that was never read and has none is left out; if its newest
-- message is older than that, this takes one look-up. JIT is off: compiling the query would take many times as long as running it.
CREATE OR REPLACE FUNCTION chat.unread(p_user_id text, p_cap integer, p_limit integer)
RETURNS TABLE (room_id text, unread integer, read_position bigint, last_seq bigint)
LANGUAGE sql STABLE SET jit = off AS $$
  WITH mine AS (SELECT r.room_id, r.position, r.created_at FROM chat.reads r WHERE r.user_id = p_user_id),
  began AS (SELECT min(mine.created_at) AS at FROM mine),
  counted AS (
    SELECT rooms.id, mine.position, rooms.last_seq, CASE
      WHEN mine.position >= rooms.last_seq THEN 0
      WHEN mine.position IS NOT NULL THEN (
        SELECT count(*) FROM (
          SELECT FROM chat.messages m
          WHERE m.room_id = rooms.id AND m.position > mine.position AND m.user_id <> p_user_id AND m.deleted_at IS NULL
          LIMIT p_cap
        ) newer
      )
      WHEN began.at < (SELECT m.created_at FROM chat.messages m WHERE m.room_id = rooms.id ORDER BY m.position DESC LIMIT 1) THEN (
        SELECT count(*) FROM (
          SELECT * FROM chat.messages m WHERE m.room_id = rooms.id ORDER BY m.position DESC LIMIT p_cap
        ) newest
        WHERE newest.created_at > began.at AND newest.user_id <> p_user_id AND newest.deleted_at IS NULL
      )
      ELSE 0
    END AS unread
    FROM began, chat.rooms LEFT JOIN mine ON mine.room_id = rooms.id
    WHERE began.at IS NOT NULL
  )
  SELECT counted.id, counted.unread::integer, coalesce(counted.position, 0), counted.last_seq
  FROM counted WHERE counted.unread > 0 OR counted.position IS NOT NULL ORDER BY counted.id LIMIT p_limit
$$;
