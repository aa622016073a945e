CREATE TABLE "notification"."message_changes" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"is_deleted" boolean NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "notification"."idempotency_keys" DROP CONSTRAINT "idempotency_keys_pkey";--> statement-breakpoint
ALTER TABLE "notification"."idempotency_keys" ADD COLUMN "creator" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "notification"."idempotency_keys" ADD CONSTRAINT "idempotency_keys_creator_key_pk" PRIMARY KEY("creator","key");--> statement-breakpoint
ALTER TABLE "notification"."notifications" ADD COLUMN "pushed_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "message_changes_expiring" ON "notification"."message_changes" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expiring" ON "notification"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "notifications_message" ON "notification"."notifications" USING btree ("message_id") WHERE "message_id" is not null;