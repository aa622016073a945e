-- Queues an edit for the notification service. Call it when the message has its new `seq` and `mentions`; `p_before`: the `mentions` before.
-- People who were not mentioned before get a mention entry. Mention entries that are not delivered yet are renewed, so that they carry the
-- new content; those of people whom the message no longer mentions are deleted. One correction entry updates the notifications that exist
-- already, and removes those of people who are no longer mentioned.
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
