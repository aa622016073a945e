CREATE SCHEMA "file";
--> statement-breakpoint
CREATE TABLE "file"."files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"object_id" uuid NOT NULL,
	"original_name" text NOT NULL,
	"content_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"width" integer,
	"height" integer,
	"uploaded_by" text NOT NULL,
	"room_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "files_object" UNIQUE("object_id")
);
--> statement-breakpoint
CREATE TABLE "file"."leases" (
	"name" text PRIMARY KEY NOT NULL,
	"held_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "files_of_room" ON "file"."files" USING btree ("room_id","id");