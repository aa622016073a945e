/** Who connects where: the parts of `/ws/{room_id}/{user_id}?username=&since=&activity=`. */
import { RoomId, UserId, UserName } from '@parley/kit/text/text';
import { Value } from '@sinclair/typebox/value';
import { t } from 'elysia';

const Address = t.Object({
  roomId: RoomId,
  userId: UserId,
  username: UserName,
  since: t.Optional(
    t.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The last seq seen: a whole number, 0 or more',
    }),
  ),
  /** Whether the client wants to hear of other rooms. */
  hasActivity: t.Boolean(),
});
export type Address = typeof Address.static;

/** What these parts are called outside. */
const publicNames: Record<string, string> = { roomId: 'room_id', userId: 'user_id' };

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not UTF-8: as it stands it has a replacement character's fate, no id has an empty one.
    return '';
  }
};

/** @returns the address, or what is wrong with it in words */
export const parseAddress = (url: URL): Address | string => {
  const [, , room = '', user = '', ...rest] = url.pathname.split('/');
  if (rest.some((part) => part !== '')) return 'user_id: It ends the address; a slash in an id is written %2F';
  const since = url.searchParams.get('since');
  const address = {
    roomId: decode(room),
    userId: decode(user),
    username: url.searchParams.get('username')?.trim() || 'anonymous',
    hasActivity: url.searchParams.get('activity') === 'true',
    ...(since ? { since: Number(since) } : {}),
  };
  const fault = Value.Errors(Address, address).First();
  if (!fault) return address as Address;
  const part = fault.path.slice(1);
  return `${publicNames[part] ?? part}: ${fault.schema.description ?? fault.message}`;
};
