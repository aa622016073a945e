ALTER TABLE "notification"."notifications" ADD COLUMN "message_id" uuid;--> statement-breakpoint
ALTER TABLE "notification"."notifications" ADD COLUMN "position" bigint;--> statement-breakpoint
CREATE INDEX "notifications_unread_in_room" ON "notification"."notifications" USING btree ("user_id","room_id","position") WHERE not "read" and "position" is not null;