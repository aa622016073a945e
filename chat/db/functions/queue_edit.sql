-- Queues that a message was edited, once it has its new `seq` and `mentions`: mentions of those who were not mentioned before, and a
-- correction of what the others were told. An entry of those that waits, or is on its way, is renewed, so that it tells the message as it
-- is now; one of whom the message no longer mentions goes, and its notification by the correction. `p_before`: the former `mentions`.
CREATE OR REPLACE FUNCTION chat.queue_edit(p_message_id uuid, p_before jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  edited chat.messages;
  people text[];
BEGIN
  SELECT * INTO edited FROM chat.messages m WHERE m.id = p_message_id;
  people := ARRAY(
    SELECT DISTINCT mention.user_id FROM jsonb_to_recordset(edited.mentions) AS mention (user_id text)
    WHERE mention.user_id <> edited.user_id
  );
  DELETE FROM chat.outbox_entries e
  WHERE e.message_id = edited.id AND e.kind = 'mention' AND e.user_id <> ALL (people);
  UPDATE chat.outbox_entries e SET seq = edited.seq, attempts = 0, next_attempt_at = now()
  WHERE e.message_id = edited.id AND e.kind = 'mention' AND e.delivered_at IS NULL;

  INSERT INTO chat.outbox_entries (kind, message_id, user_id, seq)
  SELECT 'mention', edited.id, person.user_id, edited.seq
  FROM unnest(people) AS person (user_id)
  WHERE person.user_id NOT IN (SELECT before.user_id FROM jsonb_to_recordset(p_before) AS before (user_id text))
  ON CONFLICT DO NOTHING;

  INSERT INTO chat.outbox_entries (kind, message_id, user_id, seq, mentioned)
  VALUES ('correction', edited.id, edited.user_id, edited.seq, to_jsonb(people))
  ON CONFLICT (message_id, kind, user_id) DO UPDATE
  SET seq = excluded.seq, mentioned = excluded.mentioned, attempts = 0, next_attempt_at = now(), delivered_at = NULL;
END;
$$;
