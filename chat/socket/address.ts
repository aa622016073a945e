/** The address of a socket: `/ws/{room_id}/{user_id}?username=&since=&activity=`. */
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
  /** Whether the client wants the activity of other rooms. */
  hasActivity: t.Boolean(),
});
export type Address = typeof Address.static;

/** The names of these fields in the protocol. */
const publicNames: Record<string, string> = { roomId: 'room_id', userId: 'user_id' };

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Malformed percent-encoding: return '' so that validation rejects it (ids are never empty).
    return '';
  }
};

/** An address, or the reason why it is malformed. */
export type ParsedAddress = { readonly address: Address } | { readonly fault: string };

export const parseAddress = (url: URL): ParsedAddress => {
  const [, , room = '', user = '', ...rest] = url.pathname.split('/');
  if (rest.some((segment) => segment !== ''))
    return { fault: 'user_id: It ends the address; a slash in an id is written %2F' };
  const since = url.searchParams.get('since');
  const address = {
    roomId: decode(room),
    userId: decode(user),
    username: url.searchParams.get('username')?.trim() || 'anonymous',
    hasActivity: url.searchParams.get('activity') === 'true',
    ...(since ? { since: Number(since) } : {}),
  };
  const fault = Value.Errors(Address, address).First();
  if (!fault) return { address };
  const field = fault.path.slice(1);
  return { fault: `${publicNames[field] ?? field}: ${fault.schema.description ?? fault.message}` };
};
