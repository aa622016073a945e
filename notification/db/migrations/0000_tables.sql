CREATE SCHEMA "notification";
--> statement-breakpoint
CREATE TABLE "notification"."idempotency_keys" (
	"key" text PRIMARY KEY NOT NULL,
	"notification_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"from_user" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notification"."notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"notif_type" text NOT NULL,
	"room_id" text,
	"from_user" text,
	"read" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notification"."push_subscriptions" (
	"endpoint" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"p256dh" text NOT NULL,
	"auth" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "notifications_newest" ON "notification"."notifications" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "notifications_unread" ON "notification"."notifications" USING btree ("user_id","id") WHERE not "read";--> statement-breakpoint
CREATE INDEX "notifications_expiring" ON "notification"."notifications" USING btree ("created_at") WHERE "read";--> statement-breakpoint
CREATE INDEX "push_subscriptions_user" ON "notification"."push_subscriptions" USING btree ("user_id","created_at");