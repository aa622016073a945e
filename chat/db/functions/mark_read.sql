-- Moves a user's read position in a room forward; never back, and never beyond the room's `last_seq`. The user's mentions up to the new
-- position become due for the relay, which has the notification service mark them as read. No row: there is no such room.
CREATE OR REPLACE FUNCTION chat.mark_read(p_user_id text, p_room_id text, p_position bigint)
RETURNS TABLE (read_position bigint, has_mentions boolean)
LANGUAGE plpgsql AS $$
DECLARE
  reached bigint;
BEGIN
  INSERT INTO chat.reads AS known (user_id, room_id, position)
  SELECT p_user_id, rooms.id, least(p_position, rooms.last_seq) FROM chat.rooms WHERE rooms.id = p_room_id
  ON CONFLICT (user_id, room_id) DO UPDATE SET position = greatest(known.position, excluded.position)
  RETURNING known.position INTO reached;
  IF reached IS NULL THEN
    RETURN;
  END IF;
  UPDATE chat.outbox_entries o SET read_due_at = now() FROM chat.messages m
  WHERE o.user_id = p_user_id AND o.kind = 'mention' AND o.read_due_at IS NULL
    AND m.id = o.message_id AND m.room_id = p_room_id AND m.position <= reached;
  RETURN QUERY SELECT reached, FOUND;
END;
$$;
