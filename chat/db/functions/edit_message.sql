-- Replaces the content of a message of the user. No rows: the user has no such message in the room, or it was deleted. An edit to the
-- same content changes nothing and takes no `seq`. `p_mentions`: the places of the content, as `chat.resolve_mentions` takes them. They
-- are resolved before the room is locked, to keep the lock short.
CREATE OR REPLACE FUNCTION chat.edit_message(p_room_id text, p_id uuid, p_user_id text, p_content text, p_mentions jsonb)
RETURNS TABLE (is_new boolean, message jsonb)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  next_seq bigint;
  found_row chat.messages;
  mentioned_before jsonb;
  resolved jsonb := chat.resolve_mentions(p_room_id, p_mentions);
BEGIN
  SELECT last_seq + 1 INTO next_seq FROM chat.rooms WHERE id = p_room_id FOR NO KEY UPDATE;
  -- By id alone: with the room's id, a plan that was made for a small room would read the room's whole index.
  SELECT * INTO found_row FROM chat.messages m WHERE m.id = p_id;
  IF (found_row.room_id, found_row.user_id) IS DISTINCT FROM (p_room_id, p_user_id) OR found_row.deleted_at IS NOT NULL THEN
    RETURN;
  END IF;
  IF found_row.content = p_content THEN
    RETURN QUERY SELECT false, chat.message_json(found_row);
    RETURN;
  END IF;
  -- The content of a file message is the file's name, which mentions nobody.
  IF found_row.message_type = 'file' THEN
    resolved := '[]';
  END IF;
  mentioned_before := found_row.mentions;
  UPDATE chat.messages m SET content = p_content, mentions = resolved, edited_at = clock_timestamp(), seq = next_seq
  WHERE m.id = p_id
  RETURNING * INTO found_row;
  UPDATE chat.rooms SET last_seq = next_seq WHERE id = p_room_id;
  PERFORM chat.queue_edit(p_id, mentioned_before);
  RETURN QUERY SELECT true, chat.message_json(found_row);
END;
$$;
