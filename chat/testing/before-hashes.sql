-- A database as chat left it before applied steps had hashes and functions had files of their own: `pg_dump --schema=chat --inserts`,
-- without its comments, the functions behind the tables. A test brings it up to date.
CREATE SCHEMA chat;
--> statement-breakpoint
CREATE TABLE chat.members (
    room_id text NOT NULL,
    user_id text NOT NULL,
    username text NOT NULL,
    name_key text NOT NULL,
    id_key text NOT NULL
);
--> statement-breakpoint
CREATE TABLE chat.messages (
    id uuid NOT NULL,
    room_id text NOT NULL,
    user_id text NOT NULL,
    username text NOT NULL,
    content text NOT NULL,
    message_type text NOT NULL,
    file_url text,
    client_id uuid,
    "position" bigint NOT NULL,
    seq bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE chat.migrations (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE chat.outbox (
    message_id uuid NOT NULL,
    user_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    delivered_at timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE chat.reads (
    user_id text NOT NULL,
    room_id text NOT NULL,
    "position" bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE chat.rooms (
    id text NOT NULL,
    name text NOT NULL,
    description text,
    last_seq bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE FUNCTION chat.know_people(p_room_id text, p_people jsonb) RETURNS void
    LANGUAGE sql
    AS $$
  INSERT INTO chat.members (room_id, user_id, username, name_key, id_key)
  SELECT DISTINCT ON (person.user_id) p_room_id, person.user_id, person.username, person.name_key, person.id_key
  FROM jsonb_to_recordset(p_people) AS person (user_id text, username text, name_key text, id_key text)
  ORDER BY person.user_id
  ON CONFLICT (room_id, user_id) DO UPDATE SET username = excluded.username, name_key = excluded.name_key
  WHERE chat.members.username <> excluded.username;
$$;
--> statement-breakpoint
CREATE FUNCTION chat.queue_mentions(p_message_id uuid, p_room_id text, p_author_id text, p_mentions jsonb) RETURNS void
    LANGUAGE sql
    AS $$
  INSERT INTO chat.outbox (message_id, user_id)
  SELECT DISTINCT p_message_id, member.user_id
  FROM jsonb_array_elements(p_mentions) AS place (candidates)
  CROSS JOIN LATERAL (
    SELECT candidate.key
    FROM jsonb_array_elements_text(place.candidates) WITH ORDINALITY AS candidate (key, rank)
    WHERE EXISTS (
      SELECT FROM chat.members m WHERE m.room_id = p_room_id AND (m.name_key = candidate.key OR m.id_key = candidate.key)
    )
    ORDER BY candidate.rank
    LIMIT 1
  ) AS best
  JOIN chat.members member
    ON member.room_id = p_room_id AND (member.name_key = best.key OR member.id_key = best.key)
  WHERE member.user_id <> p_author_id
  LIMIT 100
  ON CONFLICT DO NOTHING;
$$;
--> statement-breakpoint
CREATE FUNCTION chat.append_messages(p_room_id text, p_messages jsonb) RETURNS TABLE(ordinal bigint, is_new boolean, message jsonb)
    LANGUAGE plpgsql
    AS $$
DECLARE
  base bigint;
  added bigint;
  written_at timestamptz;
  draft record;
BEGIN
  SELECT last_seq INTO base FROM chat.rooms WHERE id = p_room_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  written_at := clock_timestamp();

  INSERT INTO chat.messages (id, room_id, user_id, username, content, message_type, file_url, client_id, position, seq, created_at)
  SELECT d.id, p_room_id, d.user_id, d.username, d.content, d.message_type, d.file_url, d.client_id,
         base + row_number() OVER (ORDER BY d.n), base + row_number() OVER (ORDER BY d.n), written_at
  FROM (
    SELECT DISTINCT ON (coalesce(given.client_id, given.id)) given.*
    FROM ROWS FROM (jsonb_to_recordset(p_messages)
           AS (id uuid, user_id text, username text, content text, message_type text, file_url text, client_id uuid)) WITH ORDINALITY
         AS given (id, user_id, username, content, message_type, file_url, client_id, n)
    WHERE NOT EXISTS (SELECT FROM chat.messages known WHERE known.client_id = given.client_id)
    ORDER BY coalesce(given.client_id, given.id), given.n
  ) d;
  GET DIAGNOSTICS added = ROW_COUNT;
  UPDATE chat.rooms SET last_seq = base + added WHERE id = p_room_id;

  PERFORM chat.know_people(p_room_id, p_messages);
  FOR draft IN
    SELECT m.id, m.user_id, given.mentions
    FROM jsonb_to_recordset(p_messages) AS given (id uuid, mentions jsonb)
    JOIN chat.messages m ON m.id = given.id
    WHERE given.mentions <> '[]'::jsonb
  LOOP
    PERFORM chat.queue_mentions(draft.id, p_room_id, draft.user_id, draft.mentions);
  END LOOP;

  RETURN QUERY
  SELECT given.n, m.id = given.id, to_jsonb(m)
  FROM ROWS FROM (jsonb_to_recordset(p_messages) AS (id uuid, client_id uuid)) WITH ORDINALITY AS given (id, client_id, n)
  JOIN chat.messages m ON m.id = given.id OR m.client_id = given.client_id
  ORDER BY given.n;
END;
$$;
--> statement-breakpoint
CREATE FUNCTION chat.delete_message(p_room_id text, p_id uuid, p_user_id text) RETURNS TABLE(is_new boolean, message jsonb)
    LANGUAGE plpgsql
    AS $$
DECLARE
  next_seq bigint;
  found_row chat.messages;
BEGIN
  SELECT last_seq + 1 INTO next_seq FROM chat.rooms WHERE id = p_room_id FOR NO KEY UPDATE;
  SELECT * INTO found_row FROM chat.messages m WHERE m.id = p_id AND m.room_id = p_room_id AND m.user_id = p_user_id;
  IF found_row.id IS NULL THEN
    RETURN;
  END IF;
  IF found_row.deleted_at IS NOT NULL THEN
    RETURN QUERY SELECT false, to_jsonb(found_row);
    RETURN;
  END IF;
  UPDATE chat.messages m SET content = '', file_url = NULL, deleted_at = clock_timestamp(), seq = next_seq WHERE m.id = p_id
  RETURNING * INTO found_row;
  UPDATE chat.rooms SET last_seq = next_seq WHERE id = p_room_id;
  DELETE FROM chat.outbox o WHERE o.message_id = p_id AND o.delivered_at IS NULL;
  RETURN QUERY SELECT true, to_jsonb(found_row);
END;
$$;
--> statement-breakpoint
CREATE FUNCTION chat.edit_message(p_room_id text, p_id uuid, p_user_id text, p_content text, p_mentions jsonb) RETURNS TABLE(is_new boolean, message jsonb)
    LANGUAGE plpgsql
    AS $$
DECLARE
  next_seq bigint;
  found_row chat.messages;
BEGIN
  SELECT last_seq + 1 INTO next_seq FROM chat.rooms WHERE id = p_room_id FOR NO KEY UPDATE;
  SELECT * INTO found_row FROM chat.messages m
  WHERE m.id = p_id AND m.room_id = p_room_id AND m.user_id = p_user_id AND m.deleted_at IS NULL;
  IF found_row.id IS NULL THEN
    RETURN;
  END IF;
  IF found_row.content = p_content THEN
    RETURN QUERY SELECT false, to_jsonb(found_row);
    RETURN;
  END IF;
  UPDATE chat.messages m SET content = p_content, edited_at = clock_timestamp(), seq = next_seq WHERE m.id = p_id
  RETURNING * INTO found_row;
  UPDATE chat.rooms SET last_seq = next_seq WHERE id = p_room_id;
  PERFORM chat.queue_mentions(p_id, p_room_id, p_user_id, p_mentions);
  RETURN QUERY SELECT true, to_jsonb(found_row);
END;
$$;
--> statement-breakpoint
CREATE FUNCTION chat.unread(p_user_id text, p_cap integer, p_limit integer) RETURNS TABLE(room_id text, unread integer, read_position bigint, last_seq bigint)
    LANGUAGE sql STABLE
    SET jit TO 'off'
    AS $$
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
--> statement-breakpoint
INSERT INTO chat.members VALUES ('devops', 'parley', 'Parley', 'parley', 'parley');
--> statement-breakpoint
INSERT INTO chat.members VALUES ('general', 'parley', 'Parley', 'parley', 'parley');
--> statement-breakpoint
INSERT INTO chat.members VALUES ('random', 'parley', 'Parley', 'parley', 'parley');
--> statement-breakpoint
INSERT INTO chat.members VALUES ('general', 'bob', 'Bob', 'bob', 'bob');
--> statement-breakpoint
INSERT INTO chat.members VALUES ('general', 'alice', 'Alice', 'alice', 'alice');
--> statement-breakpoint
INSERT INTO chat.members VALUES ('devops', 'alice', 'Alice', 'alice', 'alice');
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('b7558283-9b0f-453e-babb-0e161a6e4a6d', 'devops', 'parley', 'Parley', 'This is **# devops**: Docker, Kubernetes, pipelines, and the day they all broke at once.', 'system', NULL, NULL, 1, 1, '2026-11-25 04:21:04.517262+00', NULL, NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('7292758d-8167-44c9-816a-7443134da38f', 'devops', 'parley', 'Parley', 'Try it: stop Redis, keep chatting, start Redis again. Nobody has to restart anything.', 'system', NULL, NULL, 2, 2, '2026-11-25 04:21:04.517262+00', NULL, NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('8ef622ec-2d10-4422-bd3d-0787e8cbce26', 'general', 'parley', 'Parley', 'Welcome to Parley! This is **# general**: everyone is here.', 'system', NULL, NULL, 1, 1, '2026-11-25 04:21:04.518648+00', NULL, NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('ca405754-78f5-49dd-8bbd-57795639b7d1', 'general', 'parley', 'Parley', 'Say hello, mention someone with `@name`, drop a file, or make a room of your own.', 'system', NULL, NULL, 2, 2, '2026-11-25 04:21:04.518648+00', NULL, NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('2bc3ddbb-4db0-47ab-baa8-2981ea1201e2', 'general', 'parley', 'Parley', 'Whatever you write arrives once and in order, even when the network does not behave.', 'system', NULL, NULL, 3, 3, '2026-11-25 04:21:04.518648+00', NULL, NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('df836cd2-a0fb-43b1-93f7-845c51a06c52', 'random', 'parley', 'Parley', 'This is **# random**: off-topic is on topic here.', 'system', NULL, NULL, 1, 1, '2026-11-25 04:21:04.519306+00', NULL, NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('4be06b5a-8fef-4f9a-aa8e-1cff59953ab5', 'random', 'parley', 'Parley', 'The water cooler is on the left. It has opinions about tabs and spaces.', 'system', NULL, NULL, 2, 2, '2026-11-25 04:21:04.519306+00', NULL, NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('9f11f3e2-3527-4061-a4bf-c01b829a125b', 'general', 'alice', 'Alice', 'Hello, @bob', 'text', NULL, '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1b001', 4, 4, '2026-11-25 04:21:04.526081+00', NULL, NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('2094d73b-0cbc-4f1b-ae31-a6715ea66173', 'devops', 'alice', 'Alice', 'A picture', 'file', '/api/files/0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1c001/download', NULL, 4, 4, '2026-11-25 04:21:04.528434+00', NULL, NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('b3b503c7-32f2-40e4-8129-669900b88144', 'general', 'bob', 'Bob', 'Edited', 'text', NULL, '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1b002', 5, 6, '2026-11-25 04:21:04.526081+00', '2026-11-25 04:21:04.530207+00', NULL);
--> statement-breakpoint
INSERT INTO chat.messages VALUES ('3244a4ef-fe5c-4356-a9a2-072f9fb79402', 'devops', 'alice', 'Alice', '', 'text', NULL, '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1b003', 3, 5, '2026-11-25 04:21:04.528434+00', NULL, '2026-11-25 04:21:04.531404+00');
--> statement-breakpoint
INSERT INTO chat.migrations VALUES ('0000_tables', '2026-11-25 04:21:04.489758+00');
--> statement-breakpoint
INSERT INTO chat.migrations VALUES ('0001_log', '2026-11-25 04:21:04.489758+00');
--> statement-breakpoint
INSERT INTO chat.migrations VALUES ('0002_first_rooms', '2026-11-25 04:21:04.489758+00');
--> statement-breakpoint
INSERT INTO chat.migrations VALUES ('0003_first_read', '2026-11-25 04:21:04.489758+00');
--> statement-breakpoint
INSERT INTO chat.outbox VALUES ('9f11f3e2-3527-4061-a4bf-c01b829a125b', 'bob', '2026-11-25 04:21:04.525788+00', 0, '2026-11-25 04:21:04.525788+00', NULL);
--> statement-breakpoint
INSERT INTO chat.reads VALUES ('bob', 'general', 4, '2026-11-25 04:21:04.531972+00');
--> statement-breakpoint
INSERT INTO chat.rooms VALUES ('random', '# random', 'Off-topic, memes, water cooler chat', 2, '2026-11-25 04:21:04.489758+00');
--> statement-breakpoint
INSERT INTO chat.rooms VALUES ('general', '# general', 'General discussion — everyone welcome', 6, '2026-11-25 04:21:04.489758+00');
--> statement-breakpoint
INSERT INTO chat.rooms VALUES ('devops', '# devops', 'DevOps tools, K8s, Docker, CI/CD', 5, '2026-11-25 04:21:04.489758+00');
--> statement-breakpoint
ALTER TABLE ONLY chat.members
    ADD CONSTRAINT members_room_id_user_id_pk PRIMARY KEY (room_id, user_id);
--> statement-breakpoint
ALTER TABLE ONLY chat.messages
    ADD CONSTRAINT messages_client_id_unique UNIQUE (client_id);
--> statement-breakpoint
ALTER TABLE ONLY chat.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);
--> statement-breakpoint
ALTER TABLE ONLY chat.messages
    ADD CONSTRAINT messages_room_position UNIQUE (room_id, "position");
--> statement-breakpoint
ALTER TABLE ONLY chat.messages
    ADD CONSTRAINT messages_room_seq UNIQUE (room_id, seq);
--> statement-breakpoint
ALTER TABLE ONLY chat.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);
--> statement-breakpoint
ALTER TABLE ONLY chat.outbox
    ADD CONSTRAINT outbox_message_id_user_id_pk PRIMARY KEY (message_id, user_id);
--> statement-breakpoint
ALTER TABLE ONLY chat.reads
    ADD CONSTRAINT reads_user_id_room_id_pk PRIMARY KEY (user_id, room_id);
--> statement-breakpoint
ALTER TABLE ONLY chat.rooms
    ADD CONSTRAINT rooms_pkey PRIMARY KEY (id);
--> statement-breakpoint
CREATE INDEX members_id ON chat.members USING btree (room_id, id_key);
--> statement-breakpoint
CREATE INDEX members_name ON chat.members USING btree (room_id, name_key text_pattern_ops);
--> statement-breakpoint
CREATE INDEX outbox_waiting ON chat.outbox USING btree (next_attempt_at) WHERE (delivered_at IS NULL);
--> statement-breakpoint
ALTER TABLE ONLY chat.members
    ADD CONSTRAINT members_room_id_rooms_id_fk FOREIGN KEY (room_id) REFERENCES chat.rooms(id);
--> statement-breakpoint
ALTER TABLE ONLY chat.messages
    ADD CONSTRAINT messages_room_id_rooms_id_fk FOREIGN KEY (room_id) REFERENCES chat.rooms(id);
--> statement-breakpoint
ALTER TABLE ONLY chat.outbox
    ADD CONSTRAINT outbox_message_id_messages_id_fk FOREIGN KEY (message_id) REFERENCES chat.messages(id);
--> statement-breakpoint
ALTER TABLE ONLY chat.reads
    ADD CONSTRAINT reads_room_id_rooms_id_fk FOREIGN KEY (room_id) REFERENCES chat.rooms(id);
