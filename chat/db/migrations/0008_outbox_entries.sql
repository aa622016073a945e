CREATE TABLE "chat"."outbox_entries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"message_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"mentioned" jsonb,
	"file_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp with time zone,
	"read_due_at" timestamp with time zone,
	"read_told_at" timestamp with time zone,
	CONSTRAINT "outbox_entries_subject" UNIQUE("message_id","kind","user_id")
);
--> statement-breakpoint
CREATE INDEX "outbox_entries_unread" ON "chat"."outbox_entries" USING btree ("user_id") WHERE kind = 'mention' and read_due_at is null;--> statement-breakpoint
CREATE INDEX "outbox_entries_read" ON "chat"."outbox_entries" USING btree ("read_due_at") WHERE read_due_at is not null and read_told_at is null;--> statement-breakpoint
CREATE INDEX "outbox_entries_waiting" ON "chat"."outbox_entries" USING btree ("next_attempt_at") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "outbox_entries_delivered" ON "chat"."outbox_entries" USING btree ("delivered_at") WHERE delivered_at is not null;--> statement-breakpoint
CREATE INDEX "messages_file" ON "chat"."messages" USING btree (substring(lower("file_url") from '^/api/files/([0-9a-f-]{36})/download')) WHERE "file_url" is not null;
--> statement-breakpoint
-- Writers wait from here on: what they write to the former outbox while it is carried over would be missed.
LOCK TABLE "chat"."outbox" IN SHARE ROW EXCLUSIVE MODE;
--> statement-breakpoint
INSERT INTO "chat"."outbox_entries" (kind, message_id, user_id, seq, created_at, attempts, next_attempt_at, delivered_at, read_due_at, read_told_at)
SELECT 'mention', o.message_id, o.user_id, m.seq, o.created_at, o.attempts, o.next_attempt_at, o.delivered_at, o.read_due_at, o.read_told_at
FROM "chat"."outbox" o JOIN "chat"."messages" m ON m.id = o.message_id;
--> statement-breakpoint
DELETE FROM "chat"."outbox";
--> statement-breakpoint
-- A call of a former function that waited for this step goes on with its old body, which knows `outbox` only. To be dropped with that
-- table, a release later.
CREATE FUNCTION "chat"."carry_outbox"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO chat.outbox_entries (kind, message_id, user_id, seq)
  SELECT 'mention', m.id, new.user_id, m.seq FROM chat.messages m WHERE m.id = new.message_id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER "outbox_carry" BEFORE INSERT ON "chat"."outbox" FOR EACH ROW EXECUTE FUNCTION "chat"."carry_outbox"();
