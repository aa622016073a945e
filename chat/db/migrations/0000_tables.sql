CREATE SCHEMA "chat";
--> statement-breakpoint
CREATE TABLE "chat"."members" (
	"room_id" text NOT NULL,
	"user_id" text NOT NULL,
	"username" text NOT NULL,
	"name_key" text NOT NULL,
	"id_key" text NOT NULL,
	CONSTRAINT "members_room_id_user_id_pk" PRIMARY KEY("room_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "chat"."messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"room_id" text NOT NULL,
	"user_id" text NOT NULL,
	"username" text NOT NULL,
	"content" text NOT NULL,
	"message_type" text NOT NULL,
	"file_url" text,
	"client_id" uuid,
	"position" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"edited_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "messages_client_id_unique" UNIQUE("client_id"),
	CONSTRAINT "messages_room_position" UNIQUE("room_id","position"),
	CONSTRAINT "messages_room_seq" UNIQUE("room_id","seq")
);
--> statement-breakpoint
CREATE TABLE "chat"."outbox" (
	"message_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp with time zone,
	CONSTRAINT "outbox_message_id_user_id_pk" PRIMARY KEY("message_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "chat"."reads" (
	"user_id" text NOT NULL,
	"room_id" text NOT NULL,
	"position" bigint NOT NULL,
	CONSTRAINT "reads_user_id_room_id_pk" PRIMARY KEY("user_id","room_id")
);
--> statement-breakpoint
CREATE TABLE "chat"."rooms" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "chat"."members" ADD CONSTRAINT "members_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "chat"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat"."messages" ADD CONSTRAINT "messages_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "chat"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat"."outbox" ADD CONSTRAINT "outbox_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "chat"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat"."reads" ADD CONSTRAINT "reads_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "chat"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "members_name" ON "chat"."members" USING btree ("room_id","name_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "members_id" ON "chat"."members" USING btree ("room_id","id_key");--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "chat"."outbox" USING btree ("next_attempt_at") WHERE delivered_at is null;