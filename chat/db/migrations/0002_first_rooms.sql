-- The rooms that exist from the first start, each with a few welcoming messages. Steps run before there are functions, so the rows are
-- written as `chat.append_messages` writes them.
INSERT INTO chat.rooms (id, name, description) VALUES
  ('general', '# general', 'General discussion — everyone welcome'),
  ('devops', '# devops', 'DevOps tools, K8s, Docker, CI/CD'),
  ('random', '# random', 'Off-topic, memes, water cooler chat')
ON CONFLICT DO NOTHING;
--> statement-breakpoint
INSERT INTO chat.messages (id, room_id, user_id, username, content, message_type, position, seq, created_at)
SELECT gen_random_uuid(), room_id, 'parley', 'Parley', content, 'system', n, n, clock_timestamp()
FROM (VALUES
  (1, 'general', 'Welcome to Parley! This is **# general**: everyone is here.'),
  (2, 'general', 'Say hello, mention someone with `@name`, drop a file, or make a room of your own.'),
  (3, 'general', 'Whatever you write arrives once and in order, even when the network does not behave.'),
  (1, 'devops', 'This is **# devops**: Docker, Kubernetes, pipelines, and the day they all broke at once.'),
  (2, 'devops', 'Try it: stop Redis, keep chatting, start Redis again. Nobody has to restart anything.'),
  (1, 'random', 'This is **# random**: off-topic is on topic here.'),
  (2, 'random', 'The water cooler is on the left. It has opinions about tabs and spaces.')
) AS welcome (n, room_id, content);
--> statement-breakpoint
INSERT INTO chat.members (room_id, user_id, username, name_key, id_key)
SELECT id, 'parley', 'Parley', 'parley', 'parley' FROM chat.rooms;
--> statement-breakpoint
UPDATE chat.rooms SET last_seq = (SELECT max(m.position) FROM chat.messages m WHERE m.room_id = rooms.id);
