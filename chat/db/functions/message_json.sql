-- The JSON of a message, for every function and query that returns one. An allow-list: clients don't get a new column before it is named here.
CREATE OR REPLACE FUNCTION chat.message_json(m chat.messages) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', m.id,
    'room_id', m.room_id,
    'user_id', m.user_id,
    'username', m.username,
    'content', m.content,
    'message_type', m.message_type,
    'file_url', m.file_url,
    'mentions', m.mentions,
    'position', m.position,
    'seq', m.seq,
    'created_at', m.created_at,
    'edited_at', m.edited_at,
    'deleted_at', m.deleted_at
  )
$$;
