// Made by `bun run docs` from the contracts of the services. Change those instead.

import { endpoint } from '../endpoint.ts';

/** One person */
export interface Person {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username: string;
  /** Whether a heartbeat came within the last 30 seconds */
  online: boolean;
  /** Time of the last heartbeat (ISO 8601, UTC), remembered for 30 days; null for a stranger */
  last_seen: string | null;
}

export interface PresenceChange {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username: string;
  online: boolean;
}

/** Someone who is typing */
export interface Typist {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username: string;
  /** A room id: 1 to 100 characters, no control characters */
  room_id: string;
}

export interface GetPersonArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
}
/** Look at one person. Always 200: a stranger is offline, goes by their id and was never seen. */
export const getPerson = /* @__PURE__ */ endpoint<GetPersonArgs, Person>({
  service: 'presence',
  method: 'GET',
  path: '/presence/:user_id',
});

export interface GoOfflineArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** One of the person’s devices, or pages: 1 to 100 characters. A person is online as long as one is */
  device?: string | undefined;
}
/**
 * Go offline. At once, not when the time runs out. With a `device` that one only: the person stays online while another of theirs
 * is. Safe to repeat.
 */
export const goOffline = /* @__PURE__ */ endpoint<
  GoOfflineArgs,
  {
    /** Always offline */
    status: 'offline';
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
  }
>({ service: 'presence', method: 'DELETE', path: '/presence/:user_id' });

export interface LeavePageArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** One of the person’s devices, or pages: 1 to 100 characters. A person is online as long as one is */
  device?: string | undefined;
}
/**
 * Go offline from a page that is being left. `DELETE` for `navigator.sendBeacon`, which can only POST. Whatever body comes along is
 * ignored.
 */
export const leavePage = /* @__PURE__ */ endpoint<
  LeavePageArgs,
  {
    /** Always offline */
    status: 'offline';
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
  }
>({ service: 'presence', method: 'POST', path: '/presence/:user_id/offline', query: ['device'] });

export interface ListOnlineArgs {
  /** How many at most; 100 when only `cursor` is given */
  limit?: number | undefined;
  /** The `user_id` that the page before ended with. Without it: from the beginning */
  cursor?: string | undefined;
}
/**
 * List who is online. Without parameters: everyone. With `limit` or `cursor`: a page. The next page begins after the last `user_id`
 * of this one; a page shorter than `limit` is the last. Someone online all the while is met exactly once.
 */
export const listOnline = /* @__PURE__ */ endpoint<ListOnlineArgs, Person[]>({
  service: 'presence',
  method: 'GET',
  path: '/presence',
});

export interface ListTypingArgs {
  /** A room id: 1 to 100 characters, no control characters */
  room_id: string;
}
/** List who is typing in a room. Those who go on longest first. A room that nobody types in, or that does not exist, is empty. */
export const listTyping = /* @__PURE__ */ endpoint<ListTypingArgs, Typist[]>({
  service: 'presence',
  method: 'GET',
  path: '/presence/rooms/:room_id/typing',
});

/** Health. Answers 200 while the process lives; each backing service is a further field. */
export const readHealth = /* @__PURE__ */ endpoint<
  Record<string, never>,
  {
    /** Always healthy: the process answers */
    status: 'healthy';
    /** Which service this is */
    service: string;
    [name: string]: string;
  }
>({ service: 'presence', method: 'GET', path: '/health' });

export interface SendHeartbeatArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username?: string | undefined;
  /** One of the person’s devices, or pages: 1 to 100 characters. A person is online as long as one is */
  device?: string | undefined;
}
/**
 * Stay online. Send one every 15 seconds. Without a `username` the person goes by their id. A `device` keeps the person online when
 * another of theirs leaves.
 */
export const sendHeartbeat = /* @__PURE__ */ endpoint<
  SendHeartbeatArgs,
  {
    /** Always ok */
    status: 'ok';
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
    /** Without another heartbeat within this time the person goes offline */
    online_ttl_seconds: number;
  }
>({ service: 'presence', method: 'POST', path: '/presence/:user_id/heartbeat', query: ['username', 'device'] });

export interface StartTypingArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A room id: 1 to 100 characters, no control characters */
  room_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username?: string | undefined;
}
/** Start typing. Holds for 5 seconds: repeat while typing goes on. Without a `username` the person goes by their id. */
export const startTyping = /* @__PURE__ */ endpoint<
  StartTypingArgs,
  {
    /** Always ok */
    status: 'ok';
  }
>({ service: 'presence', method: 'POST', path: '/presence/:user_id/typing', query: ['room_id', 'username'] });

export interface StopTypingArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A room id: 1 to 100 characters, no control characters */
  room_id: string;
}
/** Stop typing. Safe to repeat. */
export const stopTyping = /* @__PURE__ */ endpoint<
  StopTypingArgs,
  {
    /** Always ok */
    status: 'ok';
  }
>({ service: 'presence', method: 'DELETE', path: '/presence/:user_id/typing' });
