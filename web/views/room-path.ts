/** Addresses of rooms and of places in them: made here, and told apart from every other address. */

/** Ids have a letter or a digit, as chat wants it: `..` would lead elsewhere. */
const ROOM_PATH = /^\/rooms\/(?=[._-]*[A-Za-z0-9])[A-Za-z0-9._-]{1,50}(\/\d{1,16})?(\?notification=[\w-]{1,64})?$/;

/** Whether an address, as it is written, leads to a room of ours or a place in one, and nowhere else. */
export const isRoomPath = (address: string): boolean => ROOM_PATH.test(address);

export interface RoomPlace {
  readonly roomId: string;
  /** Of the message to show; the newest ones without it. */
  readonly position?: number | null | undefined;
  /** The notification that led there, which is read by that. */
  readonly notificationId?: string | undefined;
}

export const roomPath = ({ roomId, position, notificationId }: RoomPlace): string => {
  const at = position === undefined || position === null ? '' : `/${position}`;
  const by = notificationId ? `?notification=${encodeURIComponent(notificationId)}` : '';
  return `/rooms/${encodeURIComponent(roomId)}${at}${by}`;
};

/** A room at its newest messages, wherever the reader left off. */
export const newestPath = (roomId: string): string => `${roomPath({ roomId })}?newest`;
