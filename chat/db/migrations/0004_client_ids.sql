-- Writers wait from here on: a message that is written while its client_id is carried over would be missed. The tables are locked in
-- the order in which writers lock them, and as much as a later step needs: else the two could wait for each other.
LOCK TABLE "chat"."rooms" IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
LOCK TABLE "chat"."messages" IN SHARE ROW EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TABLE "chat"."client_ids" (
	"room_id" text NOT NULL,
	"client_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"position" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "client_ids_room_id_client_id_pk" PRIMARY KEY("room_id","client_id")
);
--> statement-breakpoint
INSERT INTO "chat"."client_ids" (room_id, client_id, message_id, user_id, position, created_at)
SELECT room_id, client_id, id, user_id, position, created_at FROM "chat"."messages" WHERE client_id IS NOT NULL;
--> statement-breakpoint
ALTER TABLE "chat"."messages" DROP CONSTRAINT "messages_client_id_unique";
--> statement-breakpoint
-- A call of the former `chat.append_messages` that waited for this step goes on with its old body, which knows `messages.client_id`
-- only. Where another replica has stored the same client_id meanwhile, the violated key makes that caller try again. To be dropped
-- with the column, a release later.
CREATE FUNCTION "chat"."keep_client_id"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO chat.client_ids (room_id, client_id, message_id, user_id, position, created_at)
  VALUES (new.room_id, new.client_id, new.id, new.user_id, new.position, new.created_at);
  RETURN NULL;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER "messages_client_id" AFTER INSERT ON "chat"."messages"
FOR EACH ROW WHEN (new.client_id IS NOT NULL) EXECUTE FUNCTION "chat"."keep_client_id"();
