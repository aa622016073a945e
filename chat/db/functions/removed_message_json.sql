-- The JSON of a message whose row is no longer stored, from what chat.client_ids keeps of it: the fields of `chat.message_json`, as a
-- deleted message. The time of its deletion is not known, so `deleted_at` is the time of its creation.
CREATE OR REPLACE FUNCTION chat.removed_message_json(known chat.client_ids) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', known.message_id,
    'room_id', known.room_id,
    'user_id', known.user_id,
    'username', known.user_id,
    'content', '',
    'message_type', 'text',
    'file_url', NULL,
    'mentions', '[]'::jsonb,
    'position', known.position,
    'seq', known.position,
    'created_at', known.created_at,
    'edited_at', NULL,
    'deleted_at', known.created_at
  )
$$;
