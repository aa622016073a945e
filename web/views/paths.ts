/** The addresses within this site that views, scripts and the service worker share. */

/** A room id has a letter or a digit, as chat requires: `/rooms/..` would lead to another path. */
const ROOM_PATH = /^\/rooms\/(?=[._-]*[A-Za-z0-9])[A-Za-z0-9._-]{1,50}(\/\d{1,16})?(\?notification=[\w-]{1,64})?$/;

/** Whether an address, as it is written, is that of a room of this site, or of a message in one. */
export const isRoomPath = (address: string): boolean => ROOM_PATH.test(address);

export interface RoomAddress {
  readonly roomId: string;
  /** The message to show; without it the page opens where the reader left off. */
  readonly position?: number | null | undefined;
  /** The notification that was followed: opening the address marks it as read. */
  readonly notificationId?: string | undefined;
}

export const roomPath = ({ roomId, position, notificationId }: RoomAddress): string => {
  const at = position === undefined || position === null ? '' : `/${position}`;
  const by = notificationId ? `?notification=${encodeURIComponent(notificationId)}` : '';
  return `/rooms/${encodeURIComponent(roomId)}${at}${by}`;
};

/** A room at its newest messages, even where the reader has unread ones above. */
export const newestPath = (roomId: string): string => `${roomPath({ roomId })}?newest`;

/** The part of a room's history before or after a position. */
export const historyPath = (roomId: string, side: 'older' | 'newer', position: number): string =>
  `${roomPath({ roomId })}?${side === 'older' ? 'before' : 'after'}=${position}`;

interface MessageAddress {
  readonly room_id: string;
  readonly position: number;
}

/** The room around a message: what a copied link leads to. */
export const messagePath = ({ room_id, position }: MessageAddress): string => roomPath({ roomId: room_id, position });

interface MessageId {
  readonly room_id: string;
  readonly id: string;
}

const formPath = ({ room_id, id }: MessageId): string =>
  `${roomPath({ roomId: room_id })}/messages/${encodeURIComponent(id)}`;

/** The page with the forms that edit and delete a message. */
export const editPath = (message: MessageId): string => `${formPath(message)}/edit`;

export const deletePath = (message: MessageId): string => `${formPath(message)}/delete`;

export const NOTIFICATIONS_PATH = '/notifications';
export const SIGN_IN_PATH = '/sign-in';
export const SIGN_OUT_PATH = '/sign-out';
export const ACCOUNT_PATH = '/account';
