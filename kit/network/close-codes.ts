/**
 * Every code with which a service closes a WebSocket, and whether the client should reconnect.
 * 1000-1015 are defined by RFC 6455 and IANA; 4000-4999 are Parley's. `docs/protocol.md` lists this table.
 */
export const closeCodes = {
  frame_too_large: { code: 1009, reconnect: false, reason: 'A frame was larger than 64 KB' },
  restarting: { code: 1012, reconnect: true, reason: 'This replica is stopping; come back, another one answers' },
  slow_reader: { code: 1013, reconnect: true, reason: 'Events were not read fast enough; come back with since' },
  unauthenticated: { code: 4001, reconnect: false, reason: 'No valid token proves this user' },
  foreign_origin: {
    code: 4003,
    reconnect: false,
    reason: 'Pages of other sites may not connect; CORS_ORIGIN can name them',
  },
  unknown_room: { code: 4004, reconnect: false, reason: 'There is no such room' },
  invalid_address: { code: 4022, reconnect: false, reason: 'The room id, user id, username or since is not valid' },
  flooding: { code: 4029, reconnect: true, reason: 'Too many frames for too long; wait before coming back' },
  unavailable: { code: 4053, reconnect: true, reason: 'The store is away; come back in a moment' },
} as const satisfies Record<string, { code: number; reconnect: boolean; reason: string }>;

export type CloseCode = keyof typeof closeCodes;
