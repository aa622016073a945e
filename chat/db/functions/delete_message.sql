-- Deletes a message of the user: clears its content, mentions and file_url, keeps its row and position, and queues the deletion for other
-- services. No rows: the user has no such message in the room. Deleting it again changes nothing.
CREATE OR REPLACE FUNCTION chat.delete_message(p_room_id text, p_id uuid, p_user_id text)
RETURNS TABLE (is_new boolean, message jsonb)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  next_seq bigint;
  found_row chat.messages;
  file_url text;
BEGIN
  SELECT last_seq + 1 INTO next_seq FROM chat.rooms WHERE id = p_room_id FOR NO KEY UPDATE;
  -- By id alone: with the room's id, a plan that was made for a small room would read the room's whole index.
  SELECT * INTO found_row FROM chat.messages m WHERE m.id = p_id;
  IF (found_row.room_id, found_row.user_id) IS DISTINCT FROM (p_room_id, p_user_id) THEN
    RETURN;
  END IF;
  IF found_row.deleted_at IS NOT NULL THEN
    RETURN QUERY SELECT false, chat.message_json(found_row);
    RETURN;
  END IF;
  file_url := found_row.file_url;
  UPDATE chat.messages m SET content = '', mentions = '[]', file_url = NULL, deleted_at = clock_timestamp(), seq = next_seq WHERE m.id = p_id
  RETURNING * INTO found_row;
  UPDATE chat.rooms SET last_seq = next_seq WHERE id = p_room_id;
  PERFORM chat.queue_retraction(p_id, file_url);
  RETURN QUERY SELECT true, chat.message_json(found_row);
END;
$$;
