ALTER TABLE "chat"."outbox" ADD COLUMN "read_due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "chat"."outbox" ADD COLUMN "read_told_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "outbox_unread" ON "chat"."outbox" USING btree ("user_id") WHERE read_due_at is null;--> statement-breakpoint
CREATE INDEX "outbox_read" ON "chat"."outbox" USING btree ("read_due_at") WHERE read_due_at is not null and read_told_at is null;