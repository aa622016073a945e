-- A message whose row is gone, as its client_id remembers it: the fields of `chat.message_json`, deleted. Nobody knows when: it says its
-- birth.
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
