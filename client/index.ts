/** The client of Parley: connections to rooms, and typed calls to the services, for browsers, Bun and Node. */

export type * from './api/endpoints.ts';
export type * from './api/frames.ts';
export type { BackoffOptions } from './backoff.ts';
export type { Endpoint, ServiceName } from './endpoint.ts';
export { ParleyError } from './error.ts';
export { type Call, type CallOptions, createHttp, type HttpOptions, type ObservedCall, type Origin } from './http.ts';
export { createParley, type Parley, type Service, type Services } from './parley.ts';
export {
  joinRoom,
  type RoomConnection,
  type RoomEvents,
  type RoomOptions,
  type RoomState,
  type RoomStatus,
} from './room.ts';
export type { NewMessage, Stored } from './sender.ts';
