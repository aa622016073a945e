CREATE TABLE "chat"."people" (
	"user_id" text PRIMARY KEY NOT NULL,
	"username" text NOT NULL,
	"name_key" text NOT NULL,
	"loose_key" text DEFAULT '' NOT NULL,
	"id_key" text NOT NULL,
	"known_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "chat"."members_name";--> statement-breakpoint
DROP INDEX "chat"."members_id";--> statement-breakpoint
ALTER TABLE "chat"."members" ADD COLUMN "loose_key" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "chat"."members" ADD COLUMN "known_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "chat"."messages" ADD COLUMN "mentions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "people_name_key" ON "chat"."people" USING btree ("name_key" text_pattern_ops,"known_at");--> statement-breakpoint
CREATE INDEX "people_loose_key" ON "chat"."people" USING btree ("loose_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "people_id_key" ON "chat"."people" USING btree ("id_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "members_name_key" ON "chat"."members" USING btree ("room_id","name_key" text_pattern_ops,"known_at");--> statement-breakpoint
CREATE INDEX "members_loose_key" ON "chat"."members" USING btree ("room_id","loose_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "members_id_key" ON "chat"."members" USING btree ("room_id","id_key" text_pattern_ops);
--> statement-breakpoint
-- Keys as messages/names.ts makes them by now, as far as SQL can: a person who joins or writes again gets the exact ones.
UPDATE chat.members SET
  name_key = replace(replace(translate(name_key, E'`‘’‛ʹʻʼʽ′‐‑‒–—―−\u00AD\u200B\u200C\u200D\u200E\u200F\u2060\uFE0E\uFE0F\uFEFF',
    E'\'\'\'\'\'\'\'\'\'-------'), 'ß', 'ss'), 'ς', 'σ'),
  id_key = replace(replace(translate(id_key, E'`‘’‛ʹʻʼʽ′‐‑‒–—―−\u00AD\u200B\u200C\u200D\u200E\u200F\u2060\uFE0E\uFE0F\uFEFF',
    E'\'\'\'\'\'\'\'\'\'-------'), 'ß', 'ss'), 'ς', 'σ');
--> statement-breakpoint
UPDATE chat.members SET loose_key = translate(normalize(regexp_replace(normalize(name_key, NFKD),
  E'[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u064B-\u065F\u0670]', '', 'g'), NFC), 'øđðħıłŧ', 'oddhilt');
--> statement-breakpoint
UPDATE chat.members m SET known_at = written.first_at
FROM (SELECT room_id, user_id, min(created_at) AS first_at FROM chat.messages GROUP BY room_id, user_id) AS written
WHERE written.room_id = m.room_id AND written.user_id = m.user_id;
--> statement-breakpoint
INSERT INTO chat.people (user_id, username, name_key, loose_key, id_key, known_at)
SELECT DISTINCT ON (user_id) user_id, username, name_key, loose_key, id_key, min(known_at) OVER (PARTITION BY user_id)
FROM chat.members ORDER BY user_id, known_at DESC;
--> statement-breakpoint
-- The people of a room by its id, everyone by ''.
CREATE VIEW chat.known_people AS
SELECT room_id, user_id, username, name_key, loose_key, id_key, known_at FROM chat.members
UNION ALL
SELECT '', user_id, username, name_key, loose_key, id_key, known_at FROM chat.people;
