-- The rooms that exist from the first start, each with a few welcoming messages.
INSERT INTO chat.rooms (id, name, description) VALUES
  ('general', '# general', 'General discussion — everyone welcome'),
  ('devops', '# devops', 'DevOps tools, K8s, Docker, CI/CD'),
  ('random', '# random', 'Off-topic, memes, water cooler chat')
ON CONFLICT DO NOTHING;
--> statement-breakpoint
SELECT chat.append_messages(welcome.room_id, jsonb_agg(jsonb_build_object(
  'id', gen_random_uuid(), 'user_id', 'parley', 'username', 'Parley', 'name_key', 'parley', 'id_key', 'parley',
  'content', welcome.content, 'message_type', 'system', 'mentions', '[]'::jsonb) ORDER BY welcome.n))
FROM (VALUES
  (1, 'general', 'Welcome to Parley! This is **# general**: everyone is here.'),
  (2, 'general', 'Say hello, mention someone with `@name`, drop a file, or make a room of your own.'),
  (3, 'general', 'Whatever you write arrives once and in order, even when the network does not behave.'),
  (1, 'devops', 'This is **# devops**: Docker, Kubernetes, pipelines, and the day they all broke at once.'),
  (2, 'devops', 'Try it: stop Redis, keep chatting, start Redis again. Nobody has to restart anything.'),
  (1, 'random', 'This is **# random**: off-topic is on topic here.'),
  (2, 'random', 'The water cooler is on the left. It has opinions about tabs and spaces.')
) AS welcome (n, room_id, content)
GROUP BY welcome.room_id;
