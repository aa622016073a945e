-- True if a message that is not deleted refers to the file. The expression must be the one of the index `messages_file`.
CREATE OR REPLACE FUNCTION chat.is_file_used(p_file_id text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM chat.messages m
    WHERE m.file_url IS NOT NULL AND substring(lower(m.file_url) from '^/api/files/([0-9a-f-]{36})/download') = p_file_id
  )
$$;
